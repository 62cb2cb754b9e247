// What a fault task is told. The coordinator has bound the target and the peers before it asks: agents know services
// and addresses, not roles. The kind of the task names the row of the catalogue that says which parameters there are.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/base/json_fields.h"
#include "common/protocol/fault_parameters.h"
#include "common/protocol/workload_specs.h"

namespace common::protocol {

struct FaultSpec {
  std::string fault;             // its name in the scenario, for evidence ("kill-leader")
  std::string service;           // declared by the agent: "broker-2"; "" for a fault of the cluster
  std::string target;            // as the scenario said it: "leader of orders-3"; evidence only
  std::string cluster_id;        // must be the one the agent was told
  std::int64_t duration_ms = 0;  // mandatory, 1 .. 3,600,000: how long the fault stays; then it is reverted
  std::int64_t lease_ms = 0;     // mandatory, 1000 .. 3,600,000: without a renewal (POST .../lease) it is reverted
  FaultWords parameters;         // as written, with their units
  ClusterAccess cluster;         // of a fault that is done by Kafka's own API; else not needed
};

nlohmann::json to_json(const FaultSpec& spec);
base::Result<FaultSpec> fault_spec_from(const nlohmann::json& json);

}  // namespace common::protocol
