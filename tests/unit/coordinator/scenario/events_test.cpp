// Events and transactions in a scenario: what they become in the plan, and what is wrong with them.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/scenario/plan_text.h"
#include "tests/unit/coordinator/scenario/mistakes.h"

namespace coordinator::scenario {
namespace {

constexpr const char* kPipeline = R"(scenario: pipeline
topics:
  - {name: orders, partitions: 2}
  - {name: bills, partitions: 3}
workloads:
  - {name: writer, kind: transact, topic: orders, rate: 1k/s}
  - {name: relay, kind: transact, topic: bills, input: orders, group: relays, static: true, count: 3, abort_share: 0.25}
  - {name: reader, kind: consume, topic: bills, group: readers}
phases:
  - name: events
    steps:
      - {event: kill, workload: relay, order: random, every: 2s, for: 1s}
      - {event: restart, workload: relay-2}
      - {event: kill, workload: relay-2}
)";

Plan planned(std::uint64_t seed) {
  const auto scenario = parse_scenario(kPipeline, "s.yaml");
  EXPECT_TRUE(scenario) << scenario.error().what;
  const auto plan = make_plan(*scenario, {}, {{1, 2, 3}}, "run-1", seed);
  EXPECT_TRUE(plan) << plan.error().what;
  return *plan;
}

TEST(EventSteps, an_event_goes_over_the_tasks_of_its_workload_with_a_wait_between) {
  const Plan plan = planned(1);
  std::vector<std::string> texts;
  for (const Step& step : plan.phases[0].steps) texts.push_back(step_text(step));
  ASSERT_EQ(texts.size(), 7U);
  EXPECT_EQ(texts[1], "wait 2.00 s");
  EXPECT_EQ(texts[5], "restart-relay-2: restart the client of relay-2");
  EXPECT_EQ(texts[6], "kill-relay-2-2: kill the client of relay-2") << "a name of its own";
  std::vector<std::string> kills = {texts[0], texts[2], texts[4]};
  std::sort(kills.begin(), kills.end());
  EXPECT_EQ(kills[0], "kill-relay-1: kill the client of relay-1, away for 1.00 s");
  EXPECT_EQ(kills[2], "kill-relay-3: kill the client of relay-3, away for 1.00 s");
}

TEST(EventSteps, a_random_order_is_the_seeds) {
  std::set<std::string> orders;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Plan plan = planned(seed);
    std::string order;
    for (const Step& step : plan.phases[0].steps)
      if (const auto* event = std::get_if<EventStep>(&step); event != nullptr && event->duration > 0)
        order += event->task.back();
    orders.insert(order);
  }
  EXPECT_EQ(orders.size(), 6U);
}

// What a task's own settings allow its client is not held against it.
TEST(EventSteps, an_event_may_last_for_as_long_as_its_client_needs) {
  const auto longest_at = [](const std::string& workload, const std::string& event) {
    const auto scenario = parse_scenario(with(kPipeline, "{name: writer, kind: transact, topic: orders, rate: 1k/s}",
                                              "{name: writer, topic: orders, " + workload + "}"),
                                         "s.yaml");
    EXPECT_TRUE(scenario) << scenario.error().what;
    const auto plan = make_plan(*scenario, {}, {{1, 2, 3}}, "run-1", 1);
    EXPECT_TRUE(plan) << plan.error().what;
    return longest(*plan, EventStep{"e", event, "writer", 7 * common::base::kSecond}) / common::base::kSecond - 7;
  };
  EXPECT_GT(longest_at("kind: produce, delivery_timeout: 200s", "restart"), 200 + 10 + 200);
  EXPECT_GT(longest_at("kind: produce, delivery_timeout: 200s", "kill"), 200) << "it is back once a broker has acked";
  EXPECT_LT(longest_at("kind: produce, delivery_timeout: 200s", "kill"), 200 + 200) << "it drains nothing";
  EXPECT_GT(longest_at("kind: transact, transaction_timeout: 100s", "restart"), 2 * 100 + 5 + 30);
  EXPECT_GT(longest_at("kind: transact, transaction_timeout: 100s", "pause"), 2 * 100) << "it may be ending one";
  EXPECT_GT(longest_at("kind: transact, transaction_timeout: 100s, input: bills, group: g", "leave"),
            2 * 100 + 5 + 15 + 30);
  EXPECT_GT(longest_at("kind: consume, group: g, session_timeout: 120s", "kill"), 120 + 30);
  EXPECT_GT(longest_at("kind: transact, input: bills, group: g, session_timeout: 120s", "kill"), 120 + 30);
  EXPECT_LT(longest_at("kind: consume, group: g, session_timeout: 120s", "restart"), 120) << "it leaves";
}

TEST(EventSteps, they_survive_the_way_through_json) {
  const Plan plan = planned(1);
  const auto again = plan_from(to_json(plan));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(to_json(*again).dump(), to_json(plan).dump());
}

TEST(EventSteps, what_is_wrong_is_told) {
  EXPECT_EQ(mistakes(kPipeline), "none");
  EXPECT_EQ(mistakes(with(kPipeline, "event: restart, workload: relay-2", "event: leave, workload: relay-2")),
            "s.yaml:13:9: `leave` lacks `for`: how long, as in 5s");
  EXPECT_EQ(mistakes(with(kPipeline, "event: restart, workload: relay-2", "event: restart, workload: relai")),
            "s.yaml:13:36: there is no workload `relai`; did you mean `relay`?");
}

TEST(EventSteps, an_expectation_may_name_one) {
  const std::string named = std::string(kPipeline) + "expect: [unknown == 0 during kill-relay-2-2";
  EXPECT_EQ(mistakes(named + ", lag < 10 within 5s after restart-relay-2]\n"), "none");
  EXPECT_NE(mistakes(named + "-2]\n").find("did you mean `kill-relay-2-2`?"), std::string::npos) << mistakes(named);
}

TEST(TransactSection, readers_come_first_and_each_static_member_has_an_id_of_its_own) {
  const Plan plan = planned(1);
  ASSERT_EQ(plan.workloads.size(), 5U);
  EXPECT_EQ(plan.workloads[0].task, "relay-1");
  EXPECT_TRUE(plan.workloads[0].processes());
  EXPECT_EQ(plan.workloads[0].topic_read(), "orders");
  const auto spec = nlohmann::json::parse(plan.workloads[1].spec);
  EXPECT_EQ(spec["input"]["instance_id"], "relay-2");
  EXPECT_EQ(spec["transaction"]["abort_share"], 0.25);
  EXPECT_EQ(spec["partitions"], 3);
  EXPECT_EQ(plan.workloads[4].task, "writer");
  EXPECT_FALSE(plan.workloads[4].reads());
}

TEST(TransactSection, what_makes_no_sense_is_told) {
  EXPECT_EQ(mistakes(with(kPipeline, "group: relays, static: true, ", "")),
            "s.yaml:7:5: an `input` is read in a `group`: its offsets are committed");
  EXPECT_EQ(mistakes(with(kPipeline, "input: orders", "input: order")),
            "s.yaml:7:56: the topic `order` is not declared under `topics`; did you mean `orders`?");
  EXPECT_NE(mistakes(with(kPipeline, "rate: 1k/s", "rate: 1k/s, acks: \"1\"")).find("transactions need `acks: all`"),
            std::string::npos);
  EXPECT_NE(mistakes(with(kPipeline, "abort_share: 0.25", "abort_share: 2")).find("abort_share"), std::string::npos);
}

TEST(TransactSection, the_coordinator_of_its_transactions_is_a_target) {
  const auto target = [](const std::string& task) {
    return mistakes(std::string(kPipeline) + "      - {fault: f, kind: kill, target: coordinator of transactions of " +
                    task + ", for: 5s}\n");
  };
  EXPECT_EQ(target("relay-1"), "none");
  EXPECT_EQ(target("relay-9"), "s.yaml:15:40: there is no task `relay-9` with transactions; did you mean `relay-1`?");
}

}  // namespace
}  // namespace coordinator::scenario
