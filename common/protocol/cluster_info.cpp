#include "common/protocol/cluster_info.h"

#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "common/protocol/workload_specs_json.h"

namespace common::protocol {

using nlohmann::json;

json to_json(const ClusterInfo& info) {
  return {{"cluster_id", info.cluster_id}, {"brokers", info.brokers}};
}

base::Result<ClusterInfo> cluster_info_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  ClusterInfo info;
  fields.required("cluster_id", info.cluster_id);
  if (const json* brokers = fields.array("brokers", true); brokers != nullptr) {
    for (const auto& id : *brokers) {
      if (id.is_number_integer())
        info.brokers.push_back(id.get<std::int64_t>());
      else
        fields.problem("brokers", "must hold whole numbers, not " + common::base::json_text(id));
    }
  }
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return info;
}

json cluster_question(const ClusterAccess& access) {
  return {{"cluster", to_json(access)}};
}

base::Result<ClusterAccess> cluster_question_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  ClusterAccess access;
  read_cluster(fields, problems, access);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return access;
}

}  // namespace common::protocol
