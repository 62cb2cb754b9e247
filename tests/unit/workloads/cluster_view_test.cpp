// Whom the observer believes when brokers tell different things, and what it then writes down.
#include "workloads/cluster_view.h"

#include <gtest/gtest.h>

#include "tests/unit/workloads/recorded.h"

namespace workloads {
namespace {

using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using evidence::Sample;

struct Cluster {
  Recorded recorded;
  ClusterView view{recorded, "host", "observer"};

  void told(std::int32_t by, std::int32_t leader, std::int32_t epoch, std::vector<std::int32_t> isr, Nanos at) {
    kafka::TopicState topic{.topic = "orders", .error = 0, .partitions = {}};
    topic.partitions.push_back(
        {.partition = 0, .leader = leader, .leader_epoch = epoch, .isr = std::move(isr), .replicas = {}});
    view.tell(by, {topic}, at);
  }
  std::vector<Sample> samples() const { return recorded.all<Sample>(); }
};

constexpr Nanos ms(std::int64_t value) {
  return value * kMillisecond;
}

TEST(cluster_view, the_newest_leader_epoch_is_believed_whoever_tells_it) {
  Cluster cluster;
  cluster.told(1, 1, 4, {1, 2, 3}, ms(1));
  cluster.told(3, 2, 5, {2, 3}, ms(100));
  cluster.told(1, 1, 4, {1, 2, 3}, ms(200));
  cluster.told(2, 1, 4, {1, 2, 3}, ms(2'000));
  const auto samples = cluster.samples();
  ASSERT_EQ(samples.size(), 2u) << "who lags behind tells no news, however late";
  EXPECT_EQ(samples[1].leader, 2);
  EXPECT_EQ(samples[1].at, ms(100));
}

TEST(cluster_view, until_when_the_old_leader_was_told_is_written_before_the_new_one) {
  Cluster cluster;
  cluster.told(1, 1, 4, {1, 2, 3}, ms(1));
  cluster.told(2, 1, 4, {1, 2, 3}, ms(700));
  cluster.told(3, 2, 5, {2, 3}, ms(750));
  const auto samples = cluster.samples();
  ASSERT_EQ(samples.size(), 3u);
  EXPECT_EQ(samples[1].leader, 1);
  EXPECT_EQ(samples[1].at, ms(700));
  EXPECT_EQ(samples[2].leader, 2);
}

TEST(cluster_view, of_in_sync_replicas_the_leader_is_believed_and_another_only_while_it_is_silent) {
  Cluster cluster;
  cluster.told(1, 1, 4, {1, 2, 3}, ms(1));
  cluster.told(3, 1, 4, {1, 3}, ms(500));
  EXPECT_EQ(cluster.samples().back().isr.size(), 3u);
  cluster.told(3, 1, 4, {1, 3}, ms(1'100));
  EXPECT_EQ(cluster.samples().back().isr.size(), 2u) << "the leader said nothing for more than a second";
  cluster.told(2, 1, 4, {1, 2, 3}, ms(1'200));
  EXPECT_EQ(cluster.samples().back().isr.size(), 2u) << "one broker at a time";
  cluster.told(1, 1, 4, {1, 2, 3}, ms(1'300));
  EXPECT_EQ(cluster.samples().back().isr.size(), 3u);
}

TEST(cluster_view, an_older_epoch_is_a_new_log_only_when_nobody_tells_the_newer_one_any_more) {
  Cluster cluster;
  cluster.told(1, 1, 4, {1}, ms(1));
  cluster.told(2, 2, 0, {2}, 9 * kSecond);
  EXPECT_EQ(cluster.samples().back().leader, 1);
  cluster.told(2, 2, 0, {2}, 11 * kSecond);
  EXPECT_EQ(cluster.samples().back().leader, 2);
}

TEST(cluster_view, where_no_epochs_are_told_the_last_word_counts) {
  Cluster cluster;
  cluster.told(ClusterView::kLibrary, 1, -1, {1, 2}, ms(1));
  cluster.told(ClusterView::kLibrary, 2, -1, {2}, ms(200));
  EXPECT_EQ(cluster.samples().back().leader, 2);
}

}  // namespace
}  // namespace workloads
