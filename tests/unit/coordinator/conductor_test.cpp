#include "coordinator/conductor.h"

#include "tests/unit/coordinator/conducted_runs.h"

namespace coordinator {
namespace {

class conductor : public ConductedRuns {};

TEST_F(conductor, run_goes_from_topics_to_verdict_and_nothing_is_missing) {
  const auto state = conduct(plan_with({kill_leader()}));
  EXPECT_EQ(state.state, "done");
  EXPECT_EQ(state.infrastructure, Words{});
  EXPECT_EQ(judged_, 1);
  EXPECT_EQ(agent_.created(), (Words{"run-1.topics", "run-1.observe", "run-1.reader-1", "run-1.writer-1",
                                     "run-1.fault.kill-leader", "run-1.audit.orders", "run-1.remove-topics"}));
  EXPECT_EQ(told(), (Words{"run", "topic", "warmup", "fault", "kill-leader planned", "drain", "audit", "end"}));
  for (const auto& [name, task] : state.tasks) EXPECT_TRUE(task.evidence_complete) << name;
}

TEST_F(conductor, a_violation_ends_the_phases_if_the_scenario_says_so) {
  agent_.bend([](faked::Behaviour& behaviour) { behaviour.corrupt_read = true; });
  auto plan = plan_with({kill_leader()});
  plan.phases.push_back({"after", {scenario::HoldStep{"never", 20 * common::base::kSecond}}});
  plan.stop_on_violation = true;
  const auto state = conduct(plan);
  EXPECT_NE(state.stopped.find("arrived broken"), std::string::npos) << state.stopped;
  EXPECT_EQ(state.infrastructure, Words{});
  EXPECT_EQ(state.state, "done");
  EXPECT_EQ(judged_, 1);
}

TEST_F(conductor, a_violation_is_told_while_the_run_goes_on_and_ends_nothing_by_itself) {
  agent_.bend([](faked::Behaviour& behaviour) { behaviour.corrupt_read = true; });
  auto plan = plan_with({kill_leader()});
  plan.phases.push_back({"after", {scenario::HoldStep{"seen", 20 * common::base::kSecond}}});
  const auto run = make(plan);
  run->start();
  EXPECT_TRUE(eventually([&] { return run->live().findings.violated(); }));
  run->go("seen");
  EXPECT_TRUE(run->wait_for(kPatience));
  EXPECT_EQ(run->state().stopped, "");
}

TEST_F(conductor, producers_are_stopped_before_consumers_and_the_observer_last) {
  conduct(plan_with({}));
  EXPECT_EQ(agent_.stopped(), (Words{"run-1.writer-1", "run-1.reader-1", "run-1.observe"}));
}

TEST_F(conductor, fault_hits_the_service_of_the_leader_and_its_lease_is_renewed) {
  agent_.bend([](auto& b) { b.faults_last = true; });
  const auto made = make(plan_with({kill_leader()}));
  made->start();
  ASSERT_TRUE(eventually([&] { return agent_.leases("run-1.fault.kill-leader") >= 3; }));
  EXPECT_TRUE(eventually([&] { return made->live().faults.size() == 1; }));
  agent_.bend([](auto& b) { b.faults_last = false; });
  ASSERT_TRUE(made->wait_for(kPatience));
  const auto request = nlohmann::json::parse(agent_.request("run-1.fault.kill-leader"));
  EXPECT_EQ(request["spec"]["service"], "broker-2");
  EXPECT_EQ(request["spec"]["target"], "leader of orders-0");
  EXPECT_EQ(request["spec"]["cluster_id"], "fake-cluster");
}

TEST_F(conductor, client_properties_reach_the_agent_but_not_the_run_directory) {
  const auto state = conduct(plan_with({}));
  EXPECT_NE(agent_.request("run-1.writer-1").find("secret"), std::string::npos);
  for (const auto& [name, task] : state.tasks) EXPECT_EQ(task.request.find("secret"), std::string::npos) << name;
}

TEST_F(conductor, refused_fault_is_told_as_failed_and_the_run_goes_on_to_its_end) {
  agent_.bend([](auto& b) { b.refuse_kind = "kill"; });
  const auto state = conduct(plan_with({kill_leader()}));
  EXPECT_EQ(state.state, "done");
  EXPECT_EQ(told(), (Words{"run", "topic", "warmup", "fault", "kill-leader planned", "kill-leader failed", "drain",
                           "audit", "end"}));
}

TEST_F(conductor, fault_on_a_cluster_that_is_not_whole_is_refused_unless_it_is_intended) {
  agent_.bend([](auto& b) { b.isr = {1, 2}; });
  conduct(plan_with({kill_leader()}), does_not_heal());
  EXPECT_TRUE(has(told(), "kill-leader failed"));
  EXPECT_FALSE(has(agent_.created(), "run-1.fault.kill-leader"));
}

TEST_F(conductor, intended_fault_is_injected_into_a_cluster_that_is_not_whole) {
  agent_.bend([](auto& b) { b.isr = {1, 2}; });
  auto step = kill_leader();
  step.allow = "unavailable";
  conduct(plan_with({step}), does_not_heal());
  EXPECT_TRUE(has(agent_.created(), "run-1.fault.kill-leader"));
}

TEST_F(conductor, topics_and_groups_on_the_cluster_are_the_runs_own) {
  conduct(plan_with({}));
  const auto topics = nlohmann::json::parse(agent_.request("run-1.topics"));
  const auto reader = nlohmann::json::parse(agent_.request("run-1.reader-1"));
  const std::string topic = topics["spec"]["topics"][0]["name"];
  EXPECT_EQ(topic, "orders" + suffix_of_run("run-1"));
  EXPECT_NE(suffix_of_run("run-1"), suffix_of_run("run-2"));
  EXPECT_EQ(reader["spec"]["topic"], topic);
  EXPECT_EQ(reader["spec"]["group"], "readers" + suffix_of_run("run-1"));
  EXPECT_EQ(name_in_scenario(topic, "run-1"), "orders");
}

TEST_F(conductor, hold_waits_until_somebody_says_go) {
  const auto made = make(plan_with({scenario::HoldStep{"surgery", 3600 * common::base::kSecond}}));
  made->start();
  ASSERT_TRUE(eventually([&] { return made->live().waiting_for == "go surgery"; }));
  made->go("surgery");
  ASSERT_TRUE(made->wait_for(kPatience));
  EXPECT_EQ(made->state().infrastructure, Words{});
}

TEST_F(conductor, hold_that_nobody_ends_is_a_missed_gate) {
  const auto state = conduct(plan_with({scenario::HoldStep{"surgery", 20 * common::base::kMillisecond}}));
  EXPECT_EQ(state.infrastructure, (Words{"nobody said go to `surgery` within 20.0 ms"}));
}

TEST_F(conductor, missed_gate_ends_the_phases_but_not_the_audit) {
  const auto state =
      conduct(plan_with({scenario::GateStep{"acked >= 1000000", 50 * common::base::kMillisecond}, kill_leader()}));
  EXPECT_EQ(state.infrastructure, (Words{"`acked >= 1000000` did not come true within 50.0 ms"}));
  EXPECT_FALSE(has(agent_.created(), "run-1.fault.kill-leader"));
  EXPECT_TRUE(has(agent_.created(), "run-1.audit.orders"));
  EXPECT_TRUE(has(told(), "end"));
}

TEST_F(conductor, failed_audit_leaves_the_history_without_its_end) {
  agent_.bend([](auto& b) { b.fail_kind = "audit"; });
  const auto state = conduct(plan_with({}));
  EXPECT_EQ(state.infrastructure, (Words{"task audit.orders on agent fake failed: as the test wanted it"}));
  EXPECT_FALSE(has(told(), "end"));
  EXPECT_EQ(judged_, 1);
}

TEST_F(conductor, consumer_that_does_not_reach_the_end_is_a_reason_and_not_a_hang) {
  agent_.bend([](auto& b) { b.position = 7; });
  auto plan = plan_with({});
  plan.drain_deadline = 100 * common::base::kMillisecond;
  const auto state = conduct(plan);
  EXPECT_EQ(state.infrastructure, (Words{"the consumers did not reach the end of the log in time"}));
}

TEST_F(conductor, revert_that_failed_is_a_fact_of_the_run) {
  agent_.bend([](auto& b) { b.revert_fails = true; });
  EXPECT_TRUE(conduct(plan_with({kill_leader()})).revert_failed);
}

TEST_F(conductor, abort_reverts_the_fault_first_and_judges_what_there_is) {
  agent_.bend([](auto& b) { b.faults_last = true; });
  const auto made = make(plan_with({kill_leader(), scenario::WaitStep{3600 * common::base::kSecond}}));
  made->start();
  ASSERT_TRUE(eventually([&] { return !made->live().faults.empty(); }));
  made->abort();
  ASSERT_TRUE(made->wait_for(kPatience));
  EXPECT_EQ(agent_.stopped().front(), "run-1.fault.kill-leader");
  EXPECT_TRUE(made->state().aborted);
  EXPECT_TRUE(has(agent_.created(), "run-1.audit.orders"));
  EXPECT_EQ(judged_, 1);
}

TEST_F(conductor, second_abort_reverts_the_fault_and_does_nothing_else) {
  agent_.bend([](auto& b) { b.faults_last = true; });
  const auto made = make(plan_with({kill_leader(), scenario::WaitStep{3600 * common::base::kSecond}}));
  made->start();
  ASSERT_TRUE(eventually([&] { return !made->live().faults.empty(); }));
  made->abort();
  made->abort();
  ASSERT_TRUE(made->wait_for(kPatience));
  EXPECT_EQ(agent_.stopped().front(), "run-1.fault.kill-leader");
  EXPECT_FALSE(has(agent_.created(), "run-1.audit.orders"));
  EXPECT_FALSE(has(told(), "end"));
}

TEST_F(conductor, agent_that_dies_and_comes_back_makes_the_run_inconclusive_but_its_evidence_counts) {
  const auto made = make(plan_with({scenario::WaitStep{3600 * common::base::kSecond}}));
  made->start();
  ASSERT_TRUE(eventually([&] { return made->state().phase == "fault"; }));
  agent_.go_away();
  ASSERT_TRUE(eventually([&] { return !made->state().infrastructure.empty(); }));
  agent_.come_back();
  ASSERT_TRUE(made->wait_for(kPatience));
  const auto state = made->state();
  EXPECT_EQ(state.tasks.at("writer-1").state, "lost");
  EXPECT_TRUE(state.tasks.at("writer-1").evidence_complete);
  EXPECT_FALSE(has(told(), "end"));
  EXPECT_EQ(judged_, 1);
}

TEST_F(conductor, agent_that_never_comes_back_ends_the_run_by_its_deadline) {
  const auto made = make(plan_with({scenario::WaitStep{3600 * common::base::kSecond}}));
  made->start();
  ASSERT_TRUE(eventually([&] { return made->state().phase == "fault"; }));
  agent_.go_away();
  ASSERT_TRUE(made->wait_for(kPatience));
  EXPECT_EQ(made->state().state, "done");
  EXPECT_FALSE(made->state().infrastructure.empty());
}

TEST_F(conductor, second_conductor_on_the_same_directory_continues_and_starts_nothing_twice) {
  agent_.bend([](auto& b) { b.faults_last = true; });
  const auto plan = plan_with({kill_leader(), scenario::WaitStep{common::base::kMillisecond}});
  {
    const auto first = make(plan);
    first->start();
    ASSERT_TRUE(eventually([&] { return !first->live().faults.empty(); }));
    first->suspend();
    ASSERT_TRUE(first->wait_for(kPatience));
    EXPECT_EQ(first->state().state, "running");
  }
  EXPECT_EQ(judged_, 0);
  const auto created = agent_.created();
  const auto state = conduct(plan);
  EXPECT_EQ(state.state, "done");
  EXPECT_EQ(state.infrastructure, Words{});
  EXPECT_EQ(agent_.created().size(), created.size() + 2);  // the audit, and the topics' removal
  EXPECT_EQ(told(), (Words{"run", "topic", "warmup", "fault", "kill-leader planned", "drain", "audit", "end"}));
}

TEST_F(conductor, drain_that_was_interrupted_is_continued) {
  agent_.bend([](auto& b) { b.position = 7; });
  auto plan = plan_with({});
  plan.drain_deadline = 3600 * common::base::kSecond;
  {
    const auto first = make(plan);
    first->start();
    ASSERT_TRUE(eventually([&] { return first->live().waiting_for == "consumers at the end of the log"; }));
    first->suspend();
    ASSERT_TRUE(first->wait_for(kPatience));
    EXPECT_EQ(first->state().state, "draining");
  }
  const auto second = make(plan);
  second->start();
  ASSERT_TRUE(eventually([&] { return second->live().waiting_for == "consumers at the end of the log"; }));
  EXPECT_FALSE(has(agent_.stopped(), "run-1.reader-1")) << "it has not read everything yet";
  agent_.bend([](auto& b) { b.position = 10; });
  ASSERT_TRUE(second->wait_for(kPatience));
  EXPECT_EQ(second->state().infrastructure, Words{});
  EXPECT_TRUE(has(agent_.created(), "run-1.audit.orders"));
  EXPECT_TRUE(has(told(), "end"));
}

TEST_F(conductor, directory_as_a_kill_left_it_is_continued_with_the_bound_target) {
  agent_.bend([](auto& b) { b.faults_last = true; });
  const auto plan = plan_with({kill_leader()});
  const std::string killed = root_.path() + "/killed";
  const std::string path = root_.path() + "/run-1";
  {
    const auto first = make(plan);
    first->start();
    ASSERT_TRUE(eventually([&] { return !first->live().faults.empty(); }));
    // While it is copied, files of it are written anew under another name and moved to their place. The state comes
    // first: a kill never leaves one that knows more than the evidence.
    ASSERT_TRUE(eventually([&] {
      using std::filesystem::copy_options;
      std::error_code moved;
      std::filesystem::remove_all(killed);
      std::filesystem::create_directory(killed);
      std::filesystem::copy_file(path + "/run.json", killed + "/run.json", moved);
      if (!moved) std::filesystem::copy(path, killed, copy_options::recursive | copy_options::skip_existing, moved);
      return !moved;
    }));
    agent_.bend([](auto& b) { b.faults_last = false; });
    ASSERT_TRUE(first->wait_for(kPatience));
  }
  std::filesystem::remove_all(path);
  std::filesystem::rename(killed, path);
  agent_.bend([](auto& b) { b.leader = 1; });  // resolved again it would be another broker, and another request: 409
  const auto state = conduct(plan);
  EXPECT_EQ(state.infrastructure, Words{});
  EXPECT_EQ(told(), (Words{"run", "topic", "warmup", "fault", "kill-leader planned", "drain", "audit", "end"}));
}

}  // namespace
}  // namespace coordinator
