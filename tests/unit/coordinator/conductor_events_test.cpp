// Events, and workloads that read and send: when the conductor lets them happen, and when it stops them.
#include "tests/unit/coordinator/conducted_runs.h"

namespace coordinator {
namespace {

class conductor_events : public ConductedRuns {};

TEST_F(conductor_events, an_event_happens_to_its_task_and_is_waited_for) {
  const auto state = conduct(plan_with({scenario::EventStep{"restart-reader-1", "restart", "reader-1", 0},
                                        scenario::EventStep{"kill-writer-1", "kill", "writer-1", 0}}));
  EXPECT_EQ(state.infrastructure, Words{});
  EXPECT_EQ(agent_.happened(), (Words{"run-1.reader-1 restart", "run-1.writer-1 kill"}));
  EXPECT_EQ(told(), (Words{"run", "topic", "warmup", "fault", "restart-reader-1 planned", "kill-writer-1 planned",
                           "drain", "audit", "end"}));
}

TEST_F(conductor_events, an_event_that_is_refused_is_told_as_failed_and_the_run_goes_on) {
  agent_.bend([](auto& b) { b.refuse_events = true; });
  const auto state = conduct(plan_with({scenario::EventStep{"kill-writer-1", "kill", "writer-1", 0}}));
  EXPECT_EQ(state.state, "done");
  EXPECT_TRUE(has(told(), "kill-writer-1 failed"));
}

TEST_F(conductor_events, an_event_without_an_answer_is_not_told_as_failed) {
  agent_.bend([](auto& b) { b.answer_events_badly = true; });
  auto timing = quick();
  timing.ask = 100ms;
  const auto state =
      conduct(plan_with({scenario::EventStep{"kill-writer-1", "kill", "writer-1", 0}, kill_leader()}), timing);
  EXPECT_TRUE(has(agent_.happened(), "run-1.writer-1 kill"));
  EXPECT_FALSE(has(told(), "kill-writer-1 failed")) << "it happened";
  ASSERT_EQ(state.infrastructure.size(), 1U);
  EXPECT_EQ(state.infrastructure[0].find("whether event kill-writer-1 happens is not known: "), 0U)
      << state.infrastructure[0];
  EXPECT_FALSE(has(told(), "kill-leader planned")) << "nothing follows that could not be judged";
}

// The second processor may have been at the end when that was asked for; then the first one has written more.
TEST_F(conductor_events, processors_in_a_chain_go_on_until_the_end_was_asked_for_after_all_of_them_were_there) {
  auto plan = plan_with({});
  plan.topics.push_back({"bills", 1, 3, {}});
  const auto processor = [](const std::string& name, const std::string& from, const std::string& to) {
    return scenario::PlannedWorkload{
        name, "transact", to, name + "s", R"({"topic":"x","input":{"topic":"x","group":"x"}})", from};
  };
  plan.workloads.insert(plan.workloads.begin(), processor("second", "bills", "bills-2"));
  plan.workloads.insert(plan.workloads.begin(), processor("first", "orders", "bills"));
  plan.drain_deadline = 3600 * common::base::kSecond;
  agent_.bend([](auto& b) { b.position = 7; });
  const auto made = make(plan);
  made->start();
  ASSERT_TRUE(eventually([&] { return made->live().waiting_for == "processors at the end of the log"; }));
  agent_.bend([](auto& b) {
    b.end_asked_at = common::base::steady_now();
    b.position = 10;
  });
  const int before = agent_.asked("run-1.second");
  ASSERT_TRUE(eventually([&] { return agent_.asked("run-1.second") >= before + 5; }));
  EXPECT_EQ(agent_.stopped(), (Words{"run-1.writer-1"}));
  agent_.bend([](auto& b) { b.end_asked_at = 0; });
  ASSERT_TRUE(made->wait_for(kPatience));
  EXPECT_EQ(made->state().infrastructure, Words{});
  EXPECT_TRUE(has(agent_.stopped(), "run-1.first") && has(agent_.stopped(), "run-1.second"));
}

TEST_F(conductor_events, a_processor_stops_between_those_who_only_send_and_those_who_only_read) {
  auto plan = plan_with({});
  plan.workloads.insert(plan.workloads.begin() + 1,
                        {"relay", "transact", "orders", "relays",
                         R"({"topic":"orders","input":{"topic":"orders","group":"relays"}})", "orders"});
  conduct(plan);
  EXPECT_EQ(agent_.stopped(), (Words{"run-1.writer-1", "run-1.relay", "run-1.reader-1", "run-1.observe"}));
  const auto request = nlohmann::json::parse(agent_.request("run-1.relay"));
  EXPECT_EQ(request["spec"]["input"]["group"], "relays" + suffix_of_run("run-1"));
  const auto observer = nlohmann::json::parse(agent_.request("run-1.observe"));
  ASSERT_EQ(observer["spec"]["transactional_ids"].size(), 1U);
  ASSERT_TRUE(request["spec"].contains("transaction"));
  EXPECT_EQ(observer["spec"]["transactional_ids"][0], request["spec"]["transaction"]["id"]) << "nobody has to guess it";
}

}  // namespace
}  // namespace coordinator
