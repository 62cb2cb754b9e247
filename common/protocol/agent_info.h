// What an agent tells about itself (GET /v1/info), and what it answers to clock exchanges (GET /v1/clock).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/json_fields.h"

namespace common::protocol {

struct ServiceInfo {
  std::string name;  // "broker-2"
  std::int64_t node_id = -1;
  std::string address;  // host:port of its client listener
  bool broker = true;   // false: a controller that is no broker
  bool controller = false;
};

struct AgentInfo {
  std::string name;     // unique in a fleet
  std::string host;     // the name of its clock
  std::string version;  // Firedrill's
  std::string librdkafka;
  std::string cluster_id;  // the only one whose services it breaks; "": it was told none, and breaks nothing
  std::vector<ServiceInfo> services;
  std::vector<std::string> workloads;  // kinds it can run
  std::vector<std::string> faults;     // kinds its configuration allows
};

nlohmann::json to_json(const AgentInfo& info);
base::Result<AgentInfo> agent_info_from(const nlohmann::json& json);

}  // namespace common::protocol
