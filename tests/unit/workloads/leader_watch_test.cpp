// Asking all brokers at once: one that is not there keeps nobody's news from being heard.
#include "workloads/leader_watch.h"

#include <gtest/gtest.h>

#include "tests/unit/workloads/mock_cluster.h"
#include "tests/unit/workloads/recorded.h"
#include "workloads/kafka/wakeup.h"

namespace workloads {
namespace {

using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::steady_now;
using common::base::SteadyClock;

TEST(leader_watch_on_a_mock, hears_the_living_beside_the_dead) {
  MockCluster cluster(2);
  const std::string bootstrap = cluster.bootstrap();
  const int port = std::stoi(bootstrap.substr(bootstrap.rfind(':') + 1));
  Recorded recorded;
  ClusterView view(recorded, "host", "observer");
  {
    LeaderWatch watch({"orders"}, 10 * kMillisecond, SteadyClock::instance(), view);
    EXPECT_FALSE(watch.heard_within(kSecond));
    watch.include({{.id = 8, .host = "127.0.0.1", .port = 1}, {.id = 1, .host = "127.0.0.1", .port = port}});
    kafka::Wakeup pause;
    const Nanos deadline = steady_now() + 30 * kSecond;
    while (!watch.heard_within(10 * kSecond) && steady_now() < deadline) pause.wait_until(steady_now() + kMillisecond);
    EXPECT_TRUE(watch.heard_within(10 * kSecond));
  }
  EXPECT_EQ(view.partitions().size(), 2u);
  const auto samples = recorded.all<evidence::Sample>();
  ASSERT_GE(samples.size(), 2u);
  EXPECT_EQ(samples[0].leader, 1);
}

TEST(leader_watch_on_a_mock, an_open_connection_is_used_again_and_a_broken_one_replaced) {
  MockCluster cluster(1);
  const std::string bootstrap = cluster.bootstrap();
  kafka::WireConnection broker("127.0.0.1", std::stoi(bootstrap.substr(bootstrap.rfind(':') + 1)));
  EXPECT_TRUE(kafka::topics_told(broker, {"orders"}, 10 * kSecond));
  EXPECT_TRUE(kafka::topics_told(broker, {"orders"}, 10 * kSecond));
  EXPECT_TRUE(kafka::topics_told(broker, {"orders"}, 0).has_error()) << "no time at all: no answer";
  EXPECT_TRUE(kafka::topics_told(broker, {"orders"}, 10 * kSecond)) << "the late answer is not taken for this one";
}

}  // namespace
}  // namespace workloads
