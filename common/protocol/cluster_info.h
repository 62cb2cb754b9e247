// What a cluster says of itself to somebody who only asks (POST /v1/cluster of an agent): which one it is, and which
// brokers run. Pure data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/json_fields.h"
#include "common/protocol/workload_specs.h"

namespace common::protocol {

struct ClusterInfo {
  std::string cluster_id;
  std::vector<std::int64_t> brokers;  // ids of those that run
};

nlohmann::json to_json(const ClusterInfo& info);
base::Result<ClusterInfo> cluster_info_from(const nlohmann::json& json);

// The question: {"cluster": {"bootstrap", "client"}}.
nlohmann::json cluster_question(const ClusterAccess& access);
base::Result<ClusterAccess> cluster_question_from(const nlohmann::json& json);

}  // namespace common::protocol
