// What the observer last said of the cluster (progress of an `observe` task), and the sums of what producers and
// consumers say, as types. Unknown stays unknown. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/clock.h"

namespace coordinator {

struct PartitionView {
  std::int64_t leader = -1;
  std::vector<std::int64_t> isr;
  std::vector<std::int64_t> replicas;
  std::int64_t log_start = -1;
  std::int64_t end = -1;
  common::base::Nanos end_asked_at = 0;  // on the observer's clock
};

struct GroupView {
  std::int64_t coordinator = -1;
  std::map<std::string, std::int64_t> lag;  // by "orders-0"
};

struct Observation {
  common::base::Nanos at = 0;  // of the last good poll, on the observer's clock; 0: none yet
  std::string cluster_id;
  std::int64_t controller = -1;
  std::set<std::int64_t> brokers;                   // alive
  std::map<std::string, PartitionView> partitions;  // by "orders-0"
  std::map<std::string, GroupView> groups;
  std::map<std::string, std::int64_t> transaction_coordinators;  // by transactional id; -1: none now
};
Observation observation_from(const nlohmann::json& progress);  // fields that are missing or odd stay unknown

struct ProduceNumbers {
  std::int64_t sent = 0;
  std::int64_t acked = 0;
  std::int64_t refused = 0;
  std::int64_t unknown = 0;
  std::int64_t in_flight = 0;
  double rate = 0;
  double p50_ms = -1;
  double p99_ms = -1;
};
ProduceNumbers produce_numbers(const nlohmann::json& progress);

struct ConsumeNumbers {
  std::int64_t delivered = 0;
  bool ready = false;
  std::map<std::int64_t, std::int64_t> positions;  // partition -> next offset, of what it owns now
};
ConsumeNumbers consume_numbers(const nlohmann::json& progress);

// Partitions of `topic` in the observation, by number.
std::map<std::int64_t, PartitionView> partitions_of(const Observation& seen, const std::string& topic);

}  // namespace coordinator
