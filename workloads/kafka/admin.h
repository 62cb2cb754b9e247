// What is asked of the cluster rather than of a log: topics, offsets, groups, brokers. Every call blocks, at most for
// its timeout, and a timeout leaves the effect unknown. Borrows a client of any role; any thread, also several at once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "workloads/kafka/client.h"

namespace workloads::kafka {

struct TopicPartition {
  std::string topic;
  std::int32_t partition = 0;
  auto operator<=>(const TopicPartition&) const = default;
};

struct PartitionState {
  std::int32_t partition = 0;
  std::int32_t leader = -1;        // -1: none
  std::int32_t leader_epoch = -1;  // -1: not told (librdkafka does not)
  std::vector<std::int32_t> isr;
  std::vector<std::int32_t> replicas;
};
struct TopicState {
  std::string topic;
  int error = 0;  // e.g. UNKNOWN_TOPIC_OR_PART; then no partitions
  std::vector<PartitionState> partitions;
};

struct PartitionOffset {
  TopicPartition where;
  std::int64_t offset = -1;  // -1: not told
  std::int32_t leader_epoch = -1;
  int error = 0;
};
enum class OffsetPoint { log_start, end };  // end: with read_committed, the last stable offset

struct BrokerAddress {
  std::int32_t id = -1;
  std::string host;
  int port = 0;
};
struct ClusterState {
  std::string cluster_id;
  std::vector<BrokerAddress> brokers;
};

class Admin {
 public:
  static constexpr std::int32_t kLibrarysChoice = -1;  // the broker that librdkafka remembers as the controller

  explicit Admin(Client& client) : client_(client) {}

  // Conflict when it exists.
  common::base::Result<void> create_topic(const std::string& topic, std::int32_t partitions, std::int32_t replicas,
                                          const std::map<std::string, std::string>& config,
                                          common::base::Nanos timeout);
  common::base::Result<void> delete_topic(const std::string& topic, common::base::Nanos timeout);
  common::base::Result<std::map<std::string, std::string>> topic_config(const std::string& topic,
                                                                        common::base::Nanos timeout);
  // In effect, defaults included. What the cluster refuses to tell of one is its error.
  struct Config {
    std::string name;
    int error = 0;
    std::map<std::string, std::string> values;
  };
  common::base::Result<std::vector<Config>> topic_configs(const std::vector<std::string>& topics,
                                                          common::base::Nanos timeout);
  common::base::Result<Config> broker_config(std::int32_t broker, common::base::Nanos timeout);
  common::base::Result<std::vector<TopicState>> all_topics(common::base::Nanos timeout);  // by Metadata, sorted
  common::base::Result<std::vector<TopicState>> describe_topics(const std::vector<std::string>& topics,
                                                                common::base::Nanos timeout,
                                                                std::int32_t broker = kLibrarysChoice);
  common::base::Result<std::vector<PartitionOffset>> list_offsets(const std::vector<TopicPartition>& partitions,
                                                                  OffsetPoint point, bool read_committed,
                                                                  common::base::Nanos timeout);
  common::base::Result<ClusterState> describe_cluster(common::base::Nanos timeout,
                                                      std::int32_t broker = kLibrarysChoice);
  // Of the group of the client, which must be a consumer.
  common::base::Result<std::vector<PartitionOffset>> committed(const std::vector<TopicPartition>& partitions,
                                                               common::base::Nanos timeout);

 private:
  Client& client_;
};

}  // namespace workloads::kafka
