// Readers that wait are not stuck: behind an open transaction, or before a topic that is not theirs.
#include <gtest/gtest.h>

#include "coordinator/report/report.h"
#include "tests/unit/coordinator/report/made_evidence.h"

namespace coordinator::report {
namespace {

using workloads::evidence::TransactionState;

// Records every 100 ms until 60,000; the reader `c1` gets nothing from 10,000 on.
MadeEvidence silent_reader(std::int64_t transaction_ends, bool read_committed = true) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.phase("drain", 60'000);
  workloads::evidence::ProducerInfo writer;
  writer.producer = made.id("tx");
  writer.host = made.id("h1");
  writer.transactional_id = made.id("id");
  made.add(writer);
  made.producer("p1");
  workloads::evidence::ConsumerInfo reader;
  reader.consumer = made.id("c1");
  reader.host = made.id("h1");
  reader.group = made.id("readers");
  if (!read_committed) reader.isolation = workloads::evidence::Isolation::read_uncommitted;
  made.add(reader);
  made.add(workloads::evidence::Assign{made.id("c1"), made.at(0), 0, 0});
  if (transaction_ends > 0) {
    made.add(workloads::evidence::Transaction{made.id("tx"), 0, TransactionState::begun, ms(9'000)});
    workloads::evidence::Send send;
    send.producer = made.id("tx");
    send.where = made.at(0);
    send.transaction = 0;
    send.at = ms(10'000);
    made.add(send);
    if (transaction_ends < 60'000)
      made.add(workloads::evidence::Transaction{made.id("tx"), 0, TransactionState::aborted, ms(transaction_ends)});
  }
  for (std::int64_t i = 0; i < 600; ++i) {
    made.send("p1", 0, i, i * 100);
    made.ack("p1", 0, i, i * 100 + 10);
    if (i < 100) made.deliver("c1", 0, i, i * 100 + 20);
  }
  return made;
}

std::size_t stuck_lines(MadeEvidence made) {
  const Measurements measured = made.measure();
  return stuck(measured, RunFacts{}, made.names).size();
}

TEST(OpenTransactions, a_read_committed_reader_behind_one_is_not_stuck) {
  EXPECT_EQ(stuck_lines(silent_reader(0)), 1U) << "without one it is";
  EXPECT_EQ(stuck_lines(silent_reader(60'000)), 0U) << "never ended";
  EXPECT_EQ(stuck_lines(silent_reader(40'000)), 0U);
}

TEST(OpenTransactions, long_after_it_ended_a_reader_is_stuck) {
  EXPECT_EQ(stuck_lines(silent_reader(12'000)), 1U);
}

TEST(OpenTransactions, what_was_free_only_while_a_fault_lasted_is_no_hang) {
  using workloads::evidence::FaultState;
  // Silent from 10,000 on; the fault lasts until 28,000, a transaction from 44,000 on.
  MadeEvidence made = silent_reader(0);
  made.fault("kill-leader", FaultState::injecting, 9'000);
  made.fault("kill-leader", FaultState::active, 9'100);
  made.fault("kill-leader", FaultState::reverted, 28'000);
  EXPECT_EQ(stuck_lines(made), 1U);
  made.add(workloads::evidence::Transaction{made.id("tx"), 0, TransactionState::begun, ms(43'000)});
  workloads::evidence::Send send;
  send.producer = made.id("tx");
  send.where = made.at(0);
  send.transaction = 0;
  send.at = ms(44'000);
  made.add(send);
  EXPECT_EQ(stuck_lines(made), 0U) << "34 s were free, but only 16 of them after it was healed";
}

TEST(OpenTransactions, it_hides_nothing_from_a_read_uncommitted_reader) {
  EXPECT_EQ(stuck_lines(silent_reader(60'000, false)), 1U);
}

TEST(OpenTransactions, one_of_unknown_end_is_over_when_its_id_begins_anew) {
  MadeEvidence made = silent_reader(60'000);
  workloads::evidence::ProducerInfo next;
  next.producer = made.id("tx2");
  next.host = made.id("h1");
  next.transactional_id = made.id("id");
  made.add(next);
  made.add(workloads::evidence::Transaction{made.id("tx2"), 0, TransactionState::begun, ms(15'000)});
  EXPECT_EQ(stuck_lines(made), 1U);
}

TEST(Stalls, a_group_is_not_silent_in_a_topic_that_it_does_not_read) {
  MadeEvidence made = silent_reader(0);
  const workloads::evidence::Partition other{made.id("bills"), 0};
  for (std::int64_t i = 0; i < 600; ++i) {
    workloads::evidence::Send send;
    send.producer = made.id("p1");
    send.where = other;
    send.sequence = i;
    send.at = ms(i * 100);
    made.add(send);
  }
  for (const Stall& stall : made.measure().consumer_stalls) EXPECT_EQ(stall.where, made.at(0));
}

}  // namespace
}  // namespace coordinator::report
