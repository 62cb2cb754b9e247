#include "workloads/produce_ledger.h"

#include <gtest/gtest.h>

#include "tests/unit/workloads/recorded.h"

namespace workloads {
namespace {

using common::base::kMillisecond;

class produce_ledger : public testing::Test {
 protected:
  void send(std::int32_t partition, int count, std::int64_t at) {
    ASSERT_TRUE(ledger.reserve(partition, count, at));
    for (int i = 0; i < count; ++i) ledger.sent(partition, at);
  }
  void ack(std::int32_t partition, std::int64_t sequence, std::int64_t offset, std::int64_t count, std::int64_t at) {
    for (std::int64_t i = 0; i < count; ++i) ledger.acked(partition, sequence + i, offset + i, at);
  }

  Recorded evidence;
  evidence::Id producer = evidence.names().intern("p");
  evidence::Id topic = evidence.names().intern("orders");
  ProduceLedger ledger{evidence, producer, topic, 2};
};

TEST_F(produce_ledger, a_reservation_is_on_disk_before_its_numbers_are_used) {
  ASSERT_TRUE(ledger.reserve(1, 1, 0));
  const auto reserved = evidence.all<evidence::Reserve>();
  ASSERT_EQ(reserved.size(), 1U);
  EXPECT_EQ(reserved[0].where, (evidence::Partition{topic, 1}));
  EXPECT_EQ(reserved[0].sequence, 0);
  EXPECT_EQ(evidence.flushed, evidence.events.size());
}

TEST_F(produce_ledger, reservations_join_without_gap_and_cover_what_is_sent) {
  for (int turn = 0; turn < 100; ++turn) send(0, 500, turn * kMillisecond);
  std::int64_t covered = 0;
  for (const auto& block : evidence.all<evidence::Reserve>()) {
    EXPECT_EQ(block.sequence, covered);
    covered += block.count;
  }
  EXPECT_GE(covered, ledger.next(0));
}

TEST_F(produce_ledger, a_full_disk_reserves_nothing) {
  evidence.disk_full = true;
  EXPECT_TRUE(ledger.reserve(0, 1, 0).has_error());
  evidence.disk_full = false;
  send(0, 1, 0);
  EXPECT_EQ(ledger.next(0), 1);
}

TEST_F(produce_ledger, neighbours_become_one_send_and_one_ack) {
  send(0, 500, 10);
  send(0, 500, 20);
  ack(0, 0, 7000, 1000, 30);
  ledger.close(40);
  const auto sends = evidence.all<evidence::Send>();
  ASSERT_EQ(sends.size(), 1U);
  EXPECT_EQ(sends[0].count, 1000);
  EXPECT_EQ(sends[0].at, 10);
  const auto acks = evidence.all<evidence::Ack>();
  ASSERT_EQ(acks.size(), 1U);
  EXPECT_EQ(acks[0].offset, 7000);
  EXPECT_EQ(acks[0].count, 1000);
}

TEST_F(produce_ledger, a_gap_in_offset_or_sequence_or_an_offset_not_told_cuts_the_run) {
  send(0, 10, 0);
  ack(0, 0, 100, 3, 1);
  ack(0, 3, 110, 3, 1);  // other producers' records lie between
  ack(0, 8, 115, 1, 1);  // 6 and 7 come later
  ledger.acked(0, 9, evidence::kNoOffset, 1);
  ack(0, 6, 120, 2, 1);
  ledger.close(2);
  const auto acks = evidence.all<evidence::Ack>();
  ASSERT_EQ(acks.size(), 5U);
  EXPECT_EQ(acks[3].offset, evidence::kNoOffset);
  EXPECT_EQ(acks[4].sequence, 6);
}

TEST_F(produce_ledger, a_run_spans_at_most_50_ms_and_tells_its_span) {
  send(0, 3, 0);
  ledger.acked(0, 0, 0, 0);
  ledger.acked(0, 1, 1, 50 * kMillisecond);
  ledger.acked(0, 2, 2, 51 * kMillisecond);
  ledger.close(52 * kMillisecond);
  const auto acks = evidence.all<evidence::Ack>();
  ASSERT_EQ(acks.size(), 2U);
  EXPECT_EQ(acks[0].span, 50 * kMillisecond);
  EXPECT_EQ(acks[0].at, 50 * kMillisecond);
  EXPECT_EQ(acks[1].count, 1);
}

TEST_F(produce_ledger, a_send_stands_before_its_outcome) {
  send(0, 2, 0);
  ledger.unknown(0, 0, evidence.names().intern("_MSG_TIMED_OUT, NOT_PERSISTED"), 1);
  ledger.acked(0, 1, 5, 1);
  ledger.close(2);
  std::size_t send_at = evidence.events.size(), outcome_at = evidence.events.size();
  for (std::size_t i = evidence.events.size(); i-- > 0;) {
    if (std::holds_alternative<evidence::Send>(evidence.events[i])) send_at = i;
    if (std::holds_alternative<evidence::Ack>(evidence.events[i])) outcome_at = i;
    if (std::holds_alternative<evidence::Unknown>(evidence.events[i])) outcome_at = i;
  }
  EXPECT_LT(send_at, outcome_at);
}

TEST_F(produce_ledger, refused_numbers_are_used_up_and_not_among_the_accepted) {
  send(0, 2, 0);
  ASSERT_TRUE(ledger.reserve(0, 3, 0));
  const evidence::Id reason = evidence.names().intern("MSG_SIZE_TOO_LARGE");
  ledger.refused(0, reason, 1);
  ledger.refused(0, reason, 1);
  ledger.sent(0, 1);
  ack(0, 0, 0, 2, 2);
  ledger.acked(0, 4, 2, 2);
  ledger.close(3);
  const auto refused = evidence.all<evidence::Refuse>();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].sequence, 2);
  EXPECT_EQ(refused[0].count, 2);
  const auto sends = evidence.all<evidence::Send>();
  ASSERT_EQ(sends.size(), 2U);
  EXPECT_EQ(sends[1].sequence, 4);
  const auto closed = evidence.all<evidence::Close>();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].accepted, 3);
  EXPECT_EQ(closed[0].reported, 3);
}

TEST_F(produce_ledger, close_tells_reports_that_never_came) {
  send(1, 3, 0);
  ack(1, 0, 0, 2, 1);
  ledger.close(2);
  const auto closed = evidence.all<evidence::Close>();
  EXPECT_EQ(closed[0].accepted, 3);
  EXPECT_EQ(closed[0].reported, 2);
  EXPECT_EQ(ledger.acked_to(1), 2);
}

}  // namespace
}  // namespace workloads
