#include "workloads/read_ledger.h"

#include <gtest/gtest.h>

#include "common/base/random.h"
#include "tests/unit/workloads/recorded.h"

namespace workloads {
namespace {

using common::base::hash64;
using common::base::kMillisecond;
using evidence::ReadOutcome;

class read_ledger : public testing::Test {
 protected:
  ReadRecord record(std::int64_t offset, std::int64_t sequence, std::uint64_t producer = 0xabc) {
    ReadRecord read{.partition = 0, .offset = offset, .leader_epoch = 4, .outcome = ReadOutcome::intact};
    read.identity = {.run = hash64("run"),
                     .producer = producer,
                     .topic = static_cast<std::uint32_t>(hash64("orders")),
                     .partition = 0,
                     .sequence = sequence};
    return read;
  }
  std::vector<evidence::Deliver> deliveries() {
    ledger.write_open_runs();
    return evidence.all<evidence::Deliver>();
  }

  Recorded evidence;
  ReadLedger ledger{evidence, evidence.names().intern("c"), "run", "orders"};
};

TEST_F(read_ledger, neighbours_become_one_delivery) {
  ledger.assigned(0, 0, 0);
  for (int i = 0; i < 1000; ++i) ledger.delivered(record(i, i), i);
  ASSERT_EQ(deliveries().size(), 1U);
  EXPECT_EQ(deliveries()[0].count, 1000);
  EXPECT_EQ(deliveries()[0].span, 999);
  EXPECT_EQ(evidence.names().text(deliveries()[0].producer), "p-0000000000000abc");
}

TEST_F(read_ledger, another_producer_a_hole_an_epoch_or_50_ms_cut_the_run) {
  ledger.assigned(0, 0, 0);
  ledger.delivered(record(0, 0), 0);
  ledger.delivered(record(1, 0, 0xdef), 0);
  ledger.delivered(record(2, 1), 0);
  ledger.delivered(record(4, 2), 0);  // offset 3 is a control record
  ReadRecord moved = record(5, 3);
  moved.leader_epoch = 5;
  ledger.delivered(moved, 0);
  moved.offset = 6;
  moved.identity.sequence = 4;
  ledger.delivered(moved, 51 * kMillisecond);
  EXPECT_EQ(deliveries().size(), 6U);
}

TEST_F(read_ledger, a_record_meant_for_elsewhere_tells_its_target) {
  ledger.assigned(0, 0, 0);
  ReadRecord read = record(0, 7);
  read.identity.partition = 3;
  ledger.delivered(read, 0);
  read = record(1, 8);
  read.identity.topic = 0x1234;
  ledger.delivered(read, 0);
  const auto found = deliveries();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].target.partition, 3);
  EXPECT_EQ(evidence.names().text(found[1].target.topic), "#00001234");
}

TEST_F(read_ledger, a_record_of_another_run_or_of_nobody_is_foreign) {
  ledger.assigned(0, 0, 0);
  ReadRecord other = record(0, 0);
  other.identity.run = 1;
  EXPECT_EQ(ledger.delivered(other, 0), evidence::kNoId);
  ReadRecord nobody{.partition = 0, .offset = 1};
  EXPECT_EQ(ledger.delivered(nobody, 0), evidence::kNoId);
  EXPECT_EQ(ledger.foreign_count(), 2);
  for (const auto& one : deliveries()) {
    EXPECT_EQ(one.producer, evidence::kNoId);
    EXPECT_EQ(one.sequence, evidence::kNoOffset);
  }
}

TEST_F(read_ledger, a_corrupt_record_is_told_apart_and_its_impossible_id_left_out) {
  ledger.assigned(0, 0, 0);
  ReadRecord bad = record(0, 5);
  bad.outcome = ReadOutcome::corrupt;
  EXPECT_EQ(ledger.delivered(bad, 0), evidence::kNoId);  // its times are not believed either
  bad.offset = 1;
  bad.identity.sequence = -6;
  ledger.delivered(bad, 0);
  const auto found = deliveries();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FALSE(found[0].intact);
  EXPECT_EQ(found[0].sequence, 5);
  EXPECT_EQ(found[1].producer, evidence::kNoId);
  EXPECT_EQ(ledger.corrupt_count(), 2);
}

TEST_F(read_ledger, after_a_reset_the_jump_is_a_seek) {
  ledger.assigned(0, 0, 0);
  ledger.delivered(record(0, 0), 0);
  ledger.reset(0);
  ledger.delivered(record(9, 9), 1);
  ledger.delivered(record(10, 10), 1);
  const auto seeks = evidence.all<evidence::Seek>();
  ASSERT_EQ(seeks.size(), 1U);
  EXPECT_EQ(seeks[0].offset, 9);
  EXPECT_EQ(deliveries().size(), 2U);
}

TEST_F(read_ledger, after_a_reset_the_end_that_is_reached_without_a_delivery_was_jumped_to) {
  ledger.assigned(0, 0, 0);
  ledger.delivered(record(0, 0), 0);
  ledger.reset(0);
  ledger.passed(0, 9, 1);
  ledger.delivered(record(9, 9), 2);
  const auto seeks = evidence.all<evidence::Seek>();
  ASSERT_EQ(seeks.size(), 1U);
  EXPECT_EQ(seeks[0].offset, 9);
}

TEST_F(read_ledger, what_is_passed_without_a_reset_is_no_seek) {
  ledger.assigned(0, 0, 0);
  ledger.delivered(record(0, 0), 0);
  ledger.passed(0, 3, 1);
  ledger.delivered(record(3, 1), 2);
  EXPECT_TRUE(evidence.all<evidence::Seek>().empty());
  EXPECT_EQ(ledger.streams().at(0).next, 4);
}

TEST_F(read_ledger, a_reset_that_moves_nothing_is_no_seek) {
  ledger.assigned(0, 0, 0);
  ledger.delivered(record(0, 0), 0);
  ledger.reset(0);
  ledger.delivered(record(1, 1), 1);
  EXPECT_TRUE(evidence.all<evidence::Seek>().empty());
}

TEST_F(read_ledger, what_was_delivered_stands_before_commit_and_revocation) {
  ledger.assigned(0, 0, 0);
  ledger.delivered(record(0, 0), 0);
  ledger.committed(0, 1, evidence::CommitState::asked, 1);
  ledger.delivered(record(1, 1), 2);
  ledger.revoked(0, false, 3);
  ASSERT_EQ(evidence.events.size(), 5U);
  EXPECT_TRUE(std::holds_alternative<evidence::Deliver>(evidence.events[1]));
  EXPECT_TRUE(std::holds_alternative<evidence::Commit>(evidence.events[2]));
  EXPECT_TRUE(std::holds_alternative<evidence::Deliver>(evidence.events[3]));
  EXPECT_TRUE(std::holds_alternative<evidence::Revoke>(evidence.events[4]));
  EXPECT_FALSE(ledger.owns(0));
}

}  // namespace
}  // namespace workloads
