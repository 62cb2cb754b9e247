// How the cluster stands now: who votes, who is missing, which partitions are short of replicas, and who leads them.
#include <algorithm>
#include <map>

#include "common/base/units.h"
#include "coordinator/doctor/diagnosis.h"

namespace coordinator::doctor {

using common::base::count_text;
using common::protocol::ClusterSetup;
using common::protocol::PartitionSetup;
using common::protocol::TopicSetup;

namespace {

// Kafka's own measure (leader.imbalance.per.broker.percentage).
constexpr std::int64_t kImbalancePercent = 10;

template <typename Use>
void for_each_partition(const ClusterSetup& cluster, Use use) {
  for (const TopicSetup& topic : cluster.topics)
    for (const PartitionSetup& partition : topic.partitions)
      use(topic, partition, topic.name + "-" + std::to_string(partition.partition));
}

bool runs(const ClusterSetup& cluster, std::int32_t broker) {
  return std::binary_search(cluster.brokers.begin(), cluster.brokers.end(), broker);
}

void check_quorum(const ClusterSetup& cluster, std::vector<Diagnosis>& all) {
  const std::size_t voters = cluster.voters.size();
  if (voters == 1)
    add(all, {Concern::danger,
              "one voter",
              {"quorum of controllers"},
              "every topic, with all data: without its metadata nobody finds it again",
              "the disk of node " + std::to_string(cluster.voters.front()) +
                  " fails; while it is only down, no leader is elected",
              "the metadata log has one copy (KIP-595)",
              "three voters"});
  if (voters == 2)
    add(all, {Concern::warning,
              "two voters",
              {"quorum of controllers"},
              "elections: a partition whose leader dies then stays without one",
              "either of the two is down",
              "a majority of two is two (KIP-595)",
              "three voters"});
  if (voters > 2 && voters % 2 == 0)
    add(all, {Concern::note,
              count_text(static_cast<std::int64_t>(voters)) + " voters",
              {"quorum of controllers"},
              "nothing, but one voter bears no failure more",
              "",
              "a majority of " + std::to_string(voters) + " is " + std::to_string(voters / 2 + 1) + " (KIP-595)",
              "an odd number of voters"});
}

void check_brokers(const ClusterSetup& cluster, std::vector<Diagnosis>& all) {
  std::map<std::int32_t, std::int64_t> missing;
  for_each_partition(cluster, [&](const auto&, const PartitionSetup& partition, const auto&) {
    for (const std::int32_t replica : partition.replicas)
      if (!runs(cluster, replica)) ++missing[replica];
  });
  for (const auto& [broker, partitions] : missing)
    add(all, {Concern::warning,
              "it does not run",
              {"broker " + std::to_string(broker)},
              "the replicas of " + count_text(partitions) + (partitions == 1 ? " partition" : " partitions"),
              "now",
              "partitions have replicas there",
              "start it, or move its partitions"});
  if (cluster.brokers.size() == 1)
    add(all, {Concern::warning,
              "one broker",
              {"cluster"},
              "everything stops",
              "it is down",
              "nobody else can lead",
              "three brokers"});
}

void check_replicas(const ClusterSetup& cluster, std::vector<Diagnosis>& all) {
  for_each_partition(cluster, [&](const TopicSetup& topic, const PartitionSetup& partition, const std::string& place) {
    const auto isr = static_cast<std::int64_t>(partition.isr.size());
    const auto replicas = static_cast<std::int64_t>(partition.replicas.size());
    const std::int64_t needed = std::min(number_of(topic.config, "min.insync.replicas", 1), replicas);
    if (partition.leader < 0)
      add(all, {Concern::danger,
                "no leader",
                {place},
                "reading and writing",
                "now",
                "no replica that may lead runs",
                "start its brokers"});
    else if (isr < needed)
      add(all, {Concern::danger,
                "fewer replicas in sync than min.insync.replicas",
                {place},
                "writing with acks=all",
                "now",
                "the broker refuses: NOT_ENOUGH_REPLICAS",
                "bring its replicas back"});
    else if (isr < replicas)
      add(all, {Concern::warning,
                "replicas out of sync",
                {place},
                "one failure that it should bear",
                "now",
                "the next fault meets fewer copies than the topic is told to have",
                "wait until they are in sync, before anything is broken"});
  });
}

// Where the preferred leader is another, and where brokers lead far more than their share.
void check_leaders(const ClusterSetup& cluster, std::vector<Diagnosis>& all) {
  struct Share {
    std::int64_t preferred = 0, elsewhere = 0, leads = 0;
  };
  std::map<std::int32_t, Share> shares;
  std::int64_t partitions = 0;
  for (const std::int32_t broker : cluster.brokers) shares[broker];
  for_each_partition(cluster, [&](const auto&, const PartitionSetup& partition, const auto&) {
    if (partition.leader < 0 || partition.replicas.empty()) return;
    ++partitions;
    ++shares[partition.leader].leads;
    Share& preferred = shares[partition.replicas.front()];
    ++preferred.preferred;
    if (partition.leader != partition.replicas.front()) ++preferred.elsewhere;
  });
  const auto brokers = static_cast<std::int64_t>(cluster.brokers.size());
  for (const auto& [broker, share] : shares) {
    if (!runs(cluster, broker)) continue;
    const std::string place = "broker " + std::to_string(broker);
    if (share.elsewhere * 100 > kImbalancePercent * share.preferred)
      add(all, {Concern::note,
                "leads " + count_text(share.preferred - share.elsewhere) + " of the " + count_text(share.preferred) +
                    " partitions of which it is the preferred leader",
                {place},
                "nothing, but others carry its load, and a fault on them hits more",
                "",
                "after a restart leaders come back by themselves only within leader.imbalance.check.interval.seconds",
                "kafka-leader-election --election-type preferred"});
    // Of few partitions shares are chance.
    if (brokers > 1 && partitions >= 10 * brokers && share.leads * brokers > 2 * partitions)
      add(all, {Concern::note,
                "leads " + count_text(share.leads) + " of " + count_text(partitions) + " partitions, with " +
                    count_text(brokers) + " brokers",
                {place},
                "nothing, but all of these change their leader at once",
                "it dies",
                "leaders are unbalanced",
                "kafka-reassign-partitions"});
  }
}

}  // namespace

void diagnose_service(const ClusterSetup& cluster, std::vector<Diagnosis>& all) {
  check_quorum(cluster, all);
  check_brokers(cluster, all);
  check_replicas(cluster, all);
  check_leaders(cluster, all);
}

}  // namespace coordinator::doctor
