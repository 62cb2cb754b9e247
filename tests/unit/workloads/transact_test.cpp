// The workload `transact` against librdkafka's mock cluster: what it records of its transactions and of their ends. The
// mock knows no isolation, so nothing here is about what readers see.
#include <functional>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/workloads/on_a_mock.h"
#include "workloads/workload.h"

namespace workloads {
namespace {

using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using common::base::steady_now;
using common::protocol::TaskEvent;
using evidence::CommitState;
using evidence::FaultState;
using evidence::TransactionState;
using nlohmann::json;

constexpr int kEndTxn = 26;  // API key

class transact_on_a_mock : public OnAMock {
 protected:
  static json producer(int messages, double abort_share) {
    return {{"topic", "orders"},
            {"partitions", 2},
            {"max_messages", messages},
            {"linger_ms", 0},
            {"transaction", {{"messages", 20}, {"abort_share", abort_share}}}};
  }
  static json processor(double abort_share) {
    return {{"topic", "bills"},
            {"partitions", 2},
            {"linger_ms", 0},
            {"transaction", {{"messages", 20}, {"span_ms", 20}, {"abort_share", abort_share}}},
            {"input", {{"topic", "orders"}, {"group", "g"}}}};
  }
  void send_orders(int messages) {
    Recorded sent;
    const json spec = {
        {"topic", "orders"}, {"partitions", 2}, {"max_messages", messages}, {"idempotence", false}, {"linger_ms", 0}};
    ASSERT_TRUE(run("produce", spec, sent));
  }
  using States = std::vector<TransactionState>;
  static std::map<std::int64_t, States> transactions(const Recorded& evidence) {
    std::map<std::int64_t, States> all;
    for (const auto& one : evidence.all<evidence::Transaction>()) all[one.transaction].push_back(one.state);
    return all;
  }
};

const std::vector<TransactionState> kCommitted = {TransactionState::begun, TransactionState::commit_asked,
                                                  TransactionState::committed};
const std::vector<TransactionState> kAborted = {TransactionState::begun, TransactionState::abort_asked,
                                                TransactionState::aborted};

TEST_F(transact_on_a_mock, every_record_is_in_a_transaction_and_every_transaction_ends_as_planned) {
  Recorded sent;
  ASSERT_TRUE(run("transact", producer(400, 0.5), sent));
  std::int64_t records = 0;
  for (const auto& send : sent.all<evidence::Send>()) {
    EXPECT_NE(send.transaction, evidence::kNoOffset);
    records += send.count;
  }
  EXPECT_EQ(records, 400);
  std::int64_t aborted = 0;
  for (const auto& [number, states] : transactions(sent)) {
    EXPECT_TRUE(states == kCommitted || states == kAborted) << number;
    aborted += states == kAborted ? 1 : 0;
  }
  EXPECT_GT(aborted, 0);
  EXPECT_EQ(last_progress["aborted_transactions"], aborted);
  ASSERT_EQ(sent.all<evidence::ProducerInfo>().size(), 1U);
  EXPECT_EQ(sent.names().text(sent.all<evidence::ProducerInfo>()[0].transactional_id), "run.transact");
}

TEST_F(transact_on_a_mock, which_transactions_are_aborted_is_the_seeds) {
  const auto plan = [this](int seed) {
    Recorded sent;
    json spec = producer(200, 0.5);
    spec["seed"] = seed;
    EXPECT_TRUE(run("transact", spec, sent));
    std::string ends;
    for (const auto& [number, states] : transactions(sent)) ends += states == kAborted ? 'a' : 'c';
    return ends;
  };
  EXPECT_EQ(plan(3), plan(3));
  EXPECT_NE(plan(3), plan(4));
}

TEST_F(transact_on_a_mock, a_commit_that_is_answered_with_an_error_is_unknown_and_the_next_incarnation_goes_on) {
  cluster.fail_next(kEndTxn, RD_KAFKA_RESP_ERR_PRODUCER_FENCED);
  Recorded sent;
  ASSERT_TRUE(run("transact", producer(100, 0), sent));
  const auto producers = sent.all<evidence::ProducerInfo>();
  ASSERT_EQ(producers.size(), 2U);
  EXPECT_EQ(producers[0].transactional_id, producers[1].transactional_id);
  EXPECT_NE(producers[0].producer, producers[1].producer);
  States first;
  for (const auto& one : sent.all<evidence::Transaction>())
    if (one.producer == producers[0].producer) first.push_back(one.state);
  EXPECT_EQ(first, (States{TransactionState::begun, TransactionState::commit_asked, TransactionState::unknown}));
  EXPECT_EQ(last_progress["unknown_transactions"], 1);
  for (const auto& closed : sent.all<evidence::Close>()) EXPECT_EQ(closed.accepted, closed.reported);
}

TEST_F(transact_on_a_mock, a_processor_sends_a_record_for_each_it_reads_and_commits_offsets_with_it) {
  cluster.create("bills", 2);
  send_orders(200);
  Recorded done;
  ASSERT_TRUE(run("transact", processor(0), done,
                  [](const json& progress) { return progress["acked"] == 200 && progress["in_flight"] == 0; }));
  std::map<std::pair<std::int32_t, std::int64_t>, int> made;  // by input
  for (const auto& input : done.all<evidence::Input>()) ++made[{input.of.partition, input.of_offset}];
  EXPECT_EQ(made.size(), 200U);
  std::int64_t within = 0, confirmed = 0;
  for (const auto& deliver : done.all<evidence::Deliver>())
    within += deliver.within_transaction == evidence::kNoOffset ? 0 : deliver.count;
  EXPECT_EQ(within, 200);
  std::map<std::int32_t, std::int64_t> committed;
  for (const auto& commit : done.all<evidence::Commit>()) {
    EXPECT_TRUE(commit.state == CommitState::asked || commit.state == CommitState::confirmed);
    if (commit.state == CommitState::confirmed)
      committed[commit.where.partition] = std::max(committed[commit.where.partition], commit.offset);
  }
  for (const auto& [partition, offset] : committed) confirmed += offset;
  EXPECT_EQ(confirmed, 200);
  EXPECT_TRUE(done.all<evidence::Seek>().empty());
}

TEST_F(transact_on_a_mock, after_an_abort_a_processor_comes_back_to_what_it_owes) {
  cluster.create("bills", 2);
  send_orders(200);
  Recorded done;
  const auto enough = [](const json& progress) {
    return progress["committed_transactions"] >= 3 && progress["aborted_transactions"] >= 3;
  };
  ASSERT_TRUE(run("transact", processor(0.5), done, enough));
  // In the order of its lines: what was delivered within an aborted transaction comes again before anything beyond it.
  std::set<std::int64_t> aborted;
  for (const auto& end : done.all<evidence::Transaction>())
    if (end.state == TransactionState::aborted) aborted.insert(end.transaction);
  struct Reading {
    std::int64_t next = 0, transaction = -1, first = 0;  // of the transaction in which it was read last
  };
  std::map<std::int32_t, Reading> readings;
  int came_back = 0;
  for (const auto& event : done.events) {
    if (const auto* deliver = std::get_if<evidence::Deliver>(&event)) {
      Reading& reading = readings[deliver->where.partition];
      EXPECT_EQ(deliver->offset, reading.next);
      if (deliver->within_transaction != reading.transaction) {
        EXPECT_FALSE(aborted.contains(reading.transaction)) << "it went on without coming back";
        reading.first = deliver->offset;
        reading.transaction = deliver->within_transaction;
      }
      reading.next = deliver->offset + deliver->count;
    } else if (const auto* seek = std::get_if<evidence::Seek>(&event)) {
      Reading& reading = readings[seek->where.partition];
      EXPECT_TRUE(aborted.contains(reading.transaction));
      EXPECT_EQ(seek->offset, reading.first);
      reading = {.next = seek->offset};
      ++came_back;
    }
  }
  EXPECT_GE(came_back, 3);
}

TEST_F(transact_on_a_mock, a_producer_that_is_killed_comes_back_under_another_name_and_the_event_is_evidence) {
  Recorded sent;
  json spec = producer(0, 0);
  spec["rate"] = 2000;
  ASSERT_TRUE(run("transact", spec, sent,
                  [](const json& progress) { return progress["events"].value("k", "") == "over"; },
                  {{.id = "k", .event = "kill", .for_ms = 1}}));
  EXPECT_EQ(last_progress["incarnations"], 2);
  std::vector<FaultState> states;
  for (const auto& fault : sent.all<evidence::Fault>()) {
    EXPECT_EQ(sent.names().text(fault.kind), "kill");
    EXPECT_EQ(sent.names().text(fault.target), "transact");
    states.push_back(fault.state);
  }
  EXPECT_EQ(states, (std::vector<FaultState>{FaultState::injecting, FaultState::active, FaultState::reverting,
                                             FaultState::reverted}));
  for (const auto& closed : sent.all<evidence::Close>()) EXPECT_EQ(closed.accepted, closed.reported);
}

TEST_F(transact_on_a_mock, a_reader_that_is_killed_does_not_leave_and_one_that_restarts_does) {
  send_orders(50);
  for (const std::string& event : std::vector<std::string>{"kill", "restart"}) {
    Recorded read;
    const json spec = {{"topic", "orders"}, {"group", event}, {"session_timeout_ms", 6000}};
    ASSERT_TRUE(run("consume", spec, read, [](const json& progress) { return progress["incarnations"] == 2; },
                    {{.id = "e", .event = event, .for_ms = 0}}));
    std::size_t own = 0;  // ownerships that the first incarnation ended itself
    const auto consumers = read.all<evidence::ConsumerInfo>();
    ASSERT_EQ(consumers.size(), 2U) << event;
    for (const auto& revoke : read.all<evidence::Revoke>()) own += revoke.consumer == consumers[0].consumer ? 1 : 0;
    EXPECT_EQ(own, event == "kill" ? 0U : 2U) << event;
  }
}

}  // namespace
}  // namespace workloads
