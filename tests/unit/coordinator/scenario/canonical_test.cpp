// The scenarios that users run by name are well-formed, plan as they say, and stay within their time.
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/units.h"
#include "coordinator/scenario/plan_text.h"
#include "coordinator/scenario/scenario.h"

namespace coordinator::scenario {
namespace {

Plan planned(const std::string& name, const ParameterValues& set, std::uint64_t seed = 7) {
  const auto scenario = load_scenario(std::string(FIREDRILL_SOURCE_DIR) + "/harness/scenarios/" + name + ".yaml");
  EXPECT_TRUE(scenario) << scenario.error().what;
  const auto plan = make_plan(*scenario, set, {{1, 2, 3}}, "run-1", seed);
  EXPECT_TRUE(plan) << plan.error().what;
  return *plan;
}

std::vector<FaultStep> faults(const Plan& plan) {
  std::vector<FaultStep> found;
  for (const auto& phase : plan.phases)
    for (const auto& step : phase.steps)
      if (const auto* fault = std::get_if<FaultStep>(&step)) found.push_back(*fault);
  return found;
}

TEST(CanonicalScenarios, leader_election_kills_the_leader_of_the_first_partition) {
  const Plan plan = planned("leader-election", {});
  ASSERT_EQ(faults(plan).size(), 1u);
  EXPECT_EQ(step_text(faults(plan)[0]), "kill-leader: kill leader of orders-0 for 13.0 s");
  ASSERT_EQ(plan.workloads.size(), 4u);
  EXPECT_EQ(plan.workloads[0].task, "reader-1");
  EXPECT_EQ(plan.workloads[2].task, "bystander");
  EXPECT_EQ(plan.workloads[3].task, "writer") << "producers start last";
}

TEST(CanonicalScenarios, leader_election_takes_parameters_everywhere) {
  const Plan plan = planned("leader-election", {{"how", "stop"}, {"topic", "o7"}, {"rate", "20k/s"}});
  EXPECT_EQ(step_text(faults(plan)[0]), "stop-leader: stop leader of o7-0 for 13.0 s");
  EXPECT_EQ(plan.workloads[0].group, "o7-readers");
  EXPECT_EQ(nlohmann::json::parse(plan.workloads[3].spec)["rate"], 20'000.0);
}

TEST(CanonicalScenarios, rolling_restart_takes_every_broker_once_and_waits_for_the_isr) {
  const Plan plan = planned("rolling-restart", {});
  ASSERT_EQ(faults(plan).size(), 3u);
  EXPECT_EQ(faults(plan)[0].target, "broker 1");
  EXPECT_EQ(faults(plan)[2].target, "broker 3");
  ASSERT_EQ(plan.phases[2].steps.size(), 12u);
  EXPECT_EQ(step_text(plan.phases[2].steps[2]), "until isr == full, within 60.0 s");
  EXPECT_EQ(plan.validity[0].value, 3) << "as many faults moved leaders as there are brokers";
}

TEST(CanonicalScenarios, a_random_order_is_the_seeds_and_nothing_elses) {
  const auto order = [](std::uint64_t seed) {
    std::string text;
    for (const auto& fault : faults(planned("rolling-restart", {{"order", "random"}}, seed)))
      text += fault.target.back();
    return text;
  };
  std::set<std::string> orders;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    EXPECT_EQ(order(seed), order(seed));
    orders.insert(order(seed));
  }
  EXPECT_EQ(orders.size(), 6u) << "every order of three brokers comes up";
}

TEST(CanonicalScenarios, every_cell_of_the_matrix_can_be_planned) {
  for (const char* how : {"restart", "kill", "leave", "pause"})
    for (const char* writer : {"produce", "transact"}) {
      const Plan of_consumers = planned("consumer-restart", {{"how", how}, {"away", "3s"}, {"writer", writer}});
      EXPECT_EQ(of_consumers.phases[2].steps.size(), 3u) << "two readers and a wait between";
      planned("producer-restart", {{"how", how}, {"away", "3s"}, {"writer", writer}});
    }
  const Plan plan =
      planned("group-and-transactions", {{"target", "coordinator of transactions of writer"}, {"writer", "transact"}});
  EXPECT_EQ(faults(plan)[0].target, "coordinator of transactions of writer");
  EXPECT_EQ(faults(planned("exactly-once", {}))[0].target, "coordinator of transactions of relay-1");
}

TEST(CanonicalScenarios, their_plans_survive_the_way_through_json) {
  for (const char* name : {"leader-election", "rolling-restart"}) {
    const Plan plan = planned(name, {}, 0xffffffffffffffffULL);
    const auto again = plan_from(to_json(plan));
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(to_json(*again).dump(), to_json(plan).dump());
    EXPECT_EQ(again->seed, 0xffffffffffffffffULL);
    EXPECT_EQ(again->validity.size(), 2u);
  }
}

}  // namespace
}  // namespace coordinator::scenario
