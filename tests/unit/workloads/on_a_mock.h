// A fixture: workloads that run against a mock cluster with the topic `orders` of two partitions.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/workloads/mock_cluster.h"
#include "tests/unit/workloads/recorded.h"
#include "workloads/kafka/wakeup.h"
#include "workloads/workload.h"

namespace workloads {

class OnAMock : public testing::Test {
 protected:
  static WorkloadContext context(Recorded& evidence, const std::string& task) {
    return {.task = task,
            .run = "run",
            .host = "host",
            .evidence = evidence,
            .clock = common::base::SteadyClock::instance()};
  }

  // Runs it until it is done, or until `enough` holds of its progress, and then stops it. `events` happen once
  // something was acked or delivered.
  common::base::Result<void> run(const std::string& kind, nlohmann::json spec, Recorded& evidence,
                                 const std::function<bool(const nlohmann::json&)>& enough = {},
                                 std::vector<common::protocol::TaskEvent> events = {}) {
    using common::base::steady_now;
    spec["cluster"] = {{"bootstrap", cluster.bootstrap()}};
    if (!spec.contains("topic")) spec["topic"] = "orders";
    auto workload = find_workload(kind)->make(spec, context(evidence, kind));
    if (!workload) return workload.error();
    common::base::Result<void> result;
    std::atomic<bool> done{false};
    std::jthread thread([&](std::stop_token stop) {
      result = (*workload)->run(stop);
      done = true;
    });
    kafka::Wakeup pause;
    const common::base::Nanos deadline = steady_now() + 30 * common::base::kSecond;
    while (!done && steady_now() < deadline && !(enough && enough((*workload)->progress()))) {
      const nlohmann::json told = (*workload)->progress();
      if (told.value("acked", 0) + told.value("delivered", 0) > 0) {
        for (const auto& event : std::exchange(events, {})) EXPECT_TRUE((*workload)->happen(event));
      }
      pause.wait_until(steady_now() + 5 * common::base::kMillisecond);
    }
    EXPECT_LT(steady_now(), deadline) << (*workload)->progress().dump();
    thread.request_stop();
    thread.join();
    last_progress = (*workload)->progress();
    return result;
  }

  MockCluster cluster{2};
  nlohmann::json last_progress;
};

}  // namespace workloads
