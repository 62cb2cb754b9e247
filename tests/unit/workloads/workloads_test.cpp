// The workloads against librdkafka's mock cluster: what they record of what their clients were told.
#include <functional>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/workloads/on_a_mock.h"
#include "workloads/produce_incarnation.h"
#include "workloads/workload.h"

namespace workloads {
namespace {

using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using common::base::steady_now;
using nlohmann::json;

constexpr int kProduce = 0;  // API key

class workloads_on_a_mock : public OnAMock {
 protected:
  static json produce_spec(int messages) {
    return {{"partitions", 2}, {"max_messages", messages}, {"idempotence", false}, {"linger_ms", 0}};
  }
  template <typename Kind>
  static std::int64_t count(const Recorded& evidence) {
    std::int64_t sum = 0;
    for (const Kind& one : evidence.all<Kind>()) sum += one.count;
    return sum;
  }
  static void expect_balanced(const Recorded& evidence) {
    for (const auto& closed : evidence.all<evidence::Close>()) EXPECT_EQ(closed.accepted, closed.reported);
    EXPECT_EQ(count<evidence::Send>(evidence), count<evidence::Ack>(evidence) + count<evidence::Unknown>(evidence));
  }
};

TEST_F(workloads_on_a_mock, what_was_acked_is_read_back_under_the_same_ids_at_the_same_offsets) {
  Recorded sent;
  ASSERT_TRUE(run("produce", produce_spec(2000), sent));
  EXPECT_EQ(count<evidence::Ack>(sent), 2000);
  expect_balanced(sent);
  for (const char* kind : {"consume", "audit"}) {
    Recorded read;
    const auto all = [](const json& progress) { return progress.value("delivered", 0) == 2000; };
    ASSERT_TRUE(run(kind, json::object(), read, all)) << kind;
    EXPECT_EQ(count<evidence::Deliver>(read), 2000) << kind;
    std::set<std::tuple<std::string, std::int32_t, std::int64_t, std::int64_t>> acked, delivered;
    for (const auto& ack : sent.all<evidence::Ack>())
      for (std::int64_t i = 0; i < ack.count; ++i)
        acked.insert({sent.names().text(ack.producer), ack.where.partition, ack.sequence + i, ack.offset + i});
    for (const auto& one : read.all<evidence::Deliver>())
      for (std::int64_t i = 0; i < one.count; ++i)
        delivered.insert({read.names().text(one.producer), one.where.partition, one.sequence + i, one.offset + i});
    EXPECT_EQ(acked, delivered) << kind;
  }
}

TEST_F(workloads_on_a_mock, an_audit_claims_every_partition_from_start_to_end) {
  Recorded sent, read;
  ASSERT_TRUE(run("produce", produce_spec(600), sent));
  ASSERT_TRUE(run("audit", json::object(), read));
  std::int64_t claimed = 0;
  for (const auto& audit : read.all<evidence::Audit>()) {
    EXPECT_EQ(audit.start, 0);
    claimed += audit.end;
  }
  EXPECT_EQ(read.all<evidence::Audit>().size(), 2U);
  EXPECT_EQ(claimed, 600);
}

TEST_F(workloads_on_a_mock, an_audit_that_cannot_finish_claims_nothing_and_fails) {
  cluster.set_down();
  Recorded read;
  EXPECT_TRUE(run("audit", {{"deadline_ms", 1000}}, read).has_error());
  EXPECT_TRUE(read.all<evidence::Audit>().empty());
}

TEST_F(workloads_on_a_mock, an_error_without_retry_is_unknown_with_its_name_whatever_the_status_says) {
  cluster.fail_next(kProduce, RD_KAFKA_RESP_ERR_UNKNOWN);
  Recorded sent;
  ASSERT_TRUE(run("produce", produce_spec(100), sent));
  const auto unknown = sent.all<evidence::Unknown>();
  ASSERT_FALSE(unknown.empty());
  EXPECT_EQ(sent.names().text(unknown[0].reason), "UNKNOWN, NOT_PERSISTED");
  EXPECT_EQ(count<evidence::Ack>(sent) + count<evidence::Unknown>(sent), 100);
  EXPECT_TRUE(sent.all<evidence::Refuse>().empty());
  expect_balanced(sent);
}

TEST_F(workloads_on_a_mock, messages_that_were_sent_again_are_counted_as_retries) {
  cluster.fail_next(kProduce, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
  Recorded sent;
  json spec = produce_spec(8);
  spec["rate"] = 5;  // what is in the queue hides as many retries: between two messages it is empty
  spec["properties"] = {{"statistics.interval.ms", "50"}};
  ASSERT_TRUE(run("produce", spec, sent));
  EXPECT_EQ(count<evidence::Ack>(sent), 8);
  std::int64_t retries = -1;
  for (const auto& gauge : sent.all<evidence::Gauge>())
    if (sent.names().text(gauge.name) == "retries") retries = std::max(retries, gauge.value);
  EXPECT_GE(retries, 1);
  EXPECT_LT(retries, 8);
}

TEST_F(workloads_on_a_mock, only_what_produce_itself_refuses_is_refused) {
  Recorded sent;
  json spec = produce_spec(5);
  spec["size"] = {{"kind", "fixed"}, {"low", 3000}, {"high", 3000}};
  spec["properties"] = {{"message.max.bytes", "2000"}};
  ASSERT_TRUE(run("produce", spec, sent));
  EXPECT_EQ(count<evidence::Refuse>(sent), 5);
  EXPECT_EQ(sent.names().text(sent.all<evidence::Refuse>()[0].reason), "MSG_SIZE_TOO_LARGE");
  EXPECT_EQ(count<evidence::Send>(sent), 0);
}

TEST_F(workloads_on_a_mock, after_a_stop_what_is_outstanding_is_given_up_as_unknown_and_every_report_is_in) {
  Recorded sent;
  json spec = produce_spec(0);
  spec["rate"] = 1000;
  spec["drain_ms"] = 200;
  bool down = false;
  ASSERT_TRUE(run("produce", spec, sent, [&](const json& progress) {
    if (!down && progress["acked"] > 0) {
      cluster.set_down();
      down = true;
    }
    return down && progress["in_flight"] > 1000;  // a second's: the answers that were on their way are in
  }));
  EXPECT_GT(count<evidence::Ack>(sent), 0);
  EXPECT_GT(count<evidence::Unknown>(sent), 50);
  EXPECT_EQ(last_progress["in_flight"], 0);
  expect_balanced(sent);
}

TEST_F(workloads_on_a_mock, an_open_loop_measures_from_the_intended_time) {
  Recorded sent;
  json spec = produce_spec(200);
  spec["rate"] = 2000;
  ASSERT_TRUE(run("produce", spec, sent));
  std::int64_t measured = 0;
  for (const auto& latency : sent.all<evidence::Latency>())
    if (sent.names().text(latency.metric) == "ack")
      for (const auto& [bucket, messages] : latency.buckets) measured += messages;
  EXPECT_EQ(measured, 200);
}

TEST_F(workloads_on_a_mock, a_topic_of_another_shape_is_an_error) {
  Recorded sent;
  json spec = produce_spec(1);
  spec["partitions"] = 3;
  const auto shape = run("produce", spec, sent);
  ASSERT_TRUE(shape.has_error());
  EXPECT_EQ(shape.error().what, "topic `orders` has 2 partitions, not 3");
}

TEST_F(workloads_on_a_mock, a_fatal_error_ends_an_incarnation_with_balanced_books) {
  Recorded sent;
  common::protocol::ProduceSpec spec;
  spec.cluster.bootstrap = cluster.bootstrap();
  spec.topic = "orders";
  spec.partitions = 2;
  Payload payload(spec);
  const WorkloadContext lent = context(sent, "produce");
  auto incarnation = ProduceIncarnation::start(spec, lent, payload, false);
  ASSERT_TRUE(incarnation);
  const Pace pace(steady_now(), 0);
  ASSERT_TRUE((*incarnation)->turn(pace, 0, 10));
  rd_kafka_test_fatal_error((*incarnation)->producer().client().native(),
                            RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "planted");
  const Nanos deadline = steady_now() + 10 * kSecond;
  while (!(*incarnation)->unusable() && steady_now() < deadline) {
    (*incarnation)->producer().wakeup().wait_until(steady_now() + 10 * kMillisecond);
    (*incarnation)->poll();
  }
  EXPECT_TRUE((*incarnation)->unusable());
  (*incarnation)->end(steady_now());
  EXPECT_EQ((*incarnation)->in_flight(), 0);
  ASSERT_FALSE(sent.all<evidence::Problem>().empty());
  EXPECT_EQ(sent.names().text(sent.all<evidence::Problem>()[0].code), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  expect_balanced(sent);
}

TEST_F(workloads_on_a_mock, a_producer_that_is_stopped_while_it_is_away_ends_with_balanced_books) {
  json spec = produce_spec(0);
  spec["rate"] = 2000;
  Recorded sent;
  ASSERT_TRUE(run("produce", spec, sent,
                  [&](const json& progress) {
                    return progress["events"].value("k", "") == "under way" && progress["in_flight"] == 0;
                  },
                  {{.id = "k", .event = "kill", .for_ms = 600'000}}));
  EXPECT_EQ(last_progress["incarnations"], 1) << "nobody comes back for a stop";
  EXPECT_EQ(last_progress["events"]["k"], "over");
  expect_balanced(sent);
}

TEST_F(workloads_on_a_mock, a_producer_that_was_killed_is_back_when_a_broker_has_acked) {
  json spec = produce_spec(0);
  spec["rate"] = 2000;
  Recorded sent;
  ASSERT_TRUE(run("produce", spec, sent,
                  [](const json& progress) { return progress["events"].value("k", "") == "over"; },
                  {{.id = "k", .event = "kill", .for_ms = 1}}));
  EXPECT_EQ(last_progress["incarnations"], 2);
  bool gone = false, acked = false, back = false;
  for (const auto& event : sent.events) {
    if (const auto* fault = std::get_if<evidence::Fault>(&event)) {
      gone = gone || fault->state == evidence::FaultState::active;
      if (fault->state == evidence::FaultState::reverted) back = acked;
    }
    acked = acked || (gone && std::holds_alternative<evidence::Ack>(event));
  }
  EXPECT_TRUE(back) << "an ack of the new client stands before the end of the event";
  expect_balanced(sent);
}

TEST_F(workloads_on_a_mock, what_the_library_may_have_committed_for_one_who_was_killed_is_unknown) {
  Recorded sent, read;
  ASSERT_TRUE(run("produce", produce_spec(500), sent));
  ASSERT_TRUE(run("consume", {{"group", "g"}, {"commit", "auto"}}, read,
                  [](const json& progress) { return progress["events"].value("k", "") == "under way"; },
                  {{.id = "k", .event = "kill", .for_ms = 600'000}}));
  std::map<std::int32_t, std::int64_t> reached, doubted;
  for (const auto& event : read.events) {
    if (const auto* deliver = std::get_if<evidence::Deliver>(&event); deliver != nullptr && doubted.empty())
      reached[deliver->where.partition] = deliver->offset + deliver->count;
    if (const auto* commit = std::get_if<evidence::Commit>(&event);
        commit != nullptr && commit->state == evidence::CommitState::unknown)
      doubted.try_emplace(commit->where.partition, commit->offset);
  }
  EXPECT_FALSE(reached.empty());
  for (const auto& [partition, offset] : reached) EXPECT_EQ(doubted[partition], offset);
}

TEST_F(workloads_on_a_mock, a_group_member_commits_what_it_was_delivered_and_leaves) {
  Recorded sent, read;
  ASSERT_TRUE(run("produce", produce_spec(300), sent));
  json spec = {{"group", "g"}, {"commit_interval_ms", 50}};
  ASSERT_TRUE(run("consume", spec, read,
                  [](const json& progress) { return progress["delivered"] == 300 && progress["committed"] >= 2; }));
  std::int64_t confirmed = 0;
  for (const auto& commit : read.all<evidence::Commit>())
    if (commit.state == evidence::CommitState::confirmed) confirmed += commit.offset;
  EXPECT_GE(confirmed, 300);
  EXPECT_EQ(read.all<evidence::Assign>().size(), 2U);
  EXPECT_EQ(read.all<evidence::Revoke>().size(), 2U);
}

}  // namespace
}  // namespace workloads
