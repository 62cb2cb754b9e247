// How a live cluster is set up, as it tells somebody who only asks: brokers and their configuration, voters of the
// quorum, topics with their replicas and configuration. What could not be asked is not there, and `unknown` says why.
// Pure data.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/protocol/workload_specs.h"

namespace common::protocol {

struct PartitionSetup {
  std::int32_t partition = 0;
  std::int32_t leader = -1;            // -1: none
  std::vector<std::int32_t> replicas;  // the preferred leader first
  std::vector<std::int32_t> isr;
};

struct TopicSetup {
  std::string name;
  std::vector<PartitionSetup> partitions;
  Properties config;  // in effect, defaults included; empty: not told
};

struct ClusterSetup {
  std::string cluster_id;
  std::vector<std::int32_t> brokers;  // that run
  Properties broker_config;           // of one of them, in effect; empty: not told
  std::vector<std::int32_t> voters;   // of the controllers' quorum; empty: not told, or there is none (ZooKeeper)
  std::vector<TopicSetup> topics;     // by name, internal ones among them
  std::vector<std::string> unknown;   // what could not be asked, and why
};

}  // namespace common::protocol
