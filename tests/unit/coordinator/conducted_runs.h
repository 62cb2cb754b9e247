// Runs conducted with a fake agent, for tests of the conductor: a plan, quick timing, and what was told. Each test has
// folders, an agent and a judge of its own.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/conductor.h"
#include "coordinator/run_directory.h"
#include "coordinator/run_names.h"
#include "tests/temporary_folder.h"
#include "tests/unit/coordinator/fake_agent.h"
#include "workloads/evidence/segment_reader.h"

namespace coordinator {

using faked::FakeAgent;
using tests::TemporaryFolder;
using namespace std::chrono_literals;
namespace evidence = workloads::evidence;

constexpr auto kPatience = 30s;  // far beyond what a run with a fake agent takes; only a hang reaches it

inline scenario::Plan plan_with(std::vector<scenario::Step> steps) {
  scenario::Plan plan;
  plan.run = "run-1";
  plan.scenario = "test";
  plan.topics.push_back({"orders", 1, 3, {}});
  plan.workloads.push_back({"reader-1", "consume", "orders", "readers", R"({"topic":"orders","group":"readers"})"});
  plan.workloads.push_back({"writer-1", "produce", "orders", "", R"({"topic":"orders"})"});
  plan.phases.push_back({"warmup", {scenario::GateStep{"acked >= 10", 20 * common::base::kSecond}}});
  plan.phases.push_back({"fault", std::move(steps)});
  plan.drain_deadline = 5 * common::base::kSecond;
  plan.audit_deadline = 5 * common::base::kSecond;
  return plan;
}

inline scenario::FaultStep kill_leader() {
  scenario::FaultStep step;
  step.name = "kill-leader";
  step.kind = "kill";
  step.target = "leader of orders-0";
  step.duration = common::base::kSecond;
  return step;
}

inline ConductorTiming quick() {
  ConductorTiming timing;
  timing.session = {5ms, 5ms, 600ms, 1000ms};
  timing.lease = 30ms;
  timing.ask = 3s;
  timing.fresh = 5s;
  timing.healed = 10s;
  timing.live_judge = 5ms;
  timing.evidence = 1000ms;
  return timing;
}

inline ConductorTiming does_not_heal() {
  ConductorTiming timing = quick();
  timing.healed = 300ms;
  return timing;
}

class ConductedRuns : public ::testing::Test {
 protected:
  std::unique_ptr<Conductor> make(const scenario::Plan& plan, const ConductorTiming& timing = quick()) {
    const std::string path = root_.path() + "/" + plan.run;
    if (!std::filesystem::exists(path)) {
      const auto created = RunDirectory::create(root_.path(), plan.run);
      EXPECT_TRUE(created.has_value());
      RunState state;
      state.run = plan.run;
      state.host = common::base::host_name();
      EXPECT_TRUE(created->store(state).has_value());
    }
    auto fleet = Fleet::connect({agent_.url()}, 1s);
    EXPECT_TRUE(fleet.has_value()) << fleet.error().what;
    const auto judge = [this](const RunDirectory&) -> common::base::Result<report::Report> {
      ++judged_;
      report::Report made;
      made.names = std::make_shared<workloads::evidence::Names>();
      return made;
    };
    auto made = Conductor::create(
        {*RunDirectory::open(path), plan, *fleet, "h:1", {{"sasl.password", "secret"}}, timing, judge});
    EXPECT_TRUE(made.has_value()) << made.error().what;
    return std::move(*made);
  }
  // Runs it to its end.
  RunState conduct(const scenario::Plan& plan, const ConductorTiming& timing = quick()) {
    const auto made = make(plan, timing);
    made->start();
    EXPECT_TRUE(made->wait_for(kPatience));
    return made->state();
  }
  bool eventually(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
  // Events of conductor.fde as words.
  std::vector<std::string> told() {
    evidence::Names names;
    std::vector<std::string> words;
    const auto read = evidence::read_segments(
        root_.path() + "/run-1/evidence/conductor.fde", names, [&](const evidence::Event& event) {
          if (std::holds_alternative<evidence::RunStart>(event)) words.push_back("run");
          if (std::holds_alternative<evidence::TopicInfo>(event)) words.push_back("topic");
          if (std::holds_alternative<evidence::End>(event)) words.push_back("end");
          if (const auto* phase = std::get_if<evidence::Phase>(&event)) words.push_back(names.text(phase->name));
          if (const auto* fault = std::get_if<evidence::Fault>(&event))
            words.push_back(names.text(fault->fault) +
                            (fault->state == evidence::FaultState::planned ? " planned" : " failed"));
        });
    EXPECT_TRUE(read.has_value()) << read.error().what;
    return words;
  }
  bool has(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  TemporaryFolder root_;
  TemporaryFolder agent_folder_;
  FakeAgent agent_{agent_folder_.path()};
  std::atomic<int> judged_{0};
};

using Words = std::vector<std::string>;

}  // namespace coordinator
