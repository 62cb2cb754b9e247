#include "common/protocol/fault_spec.h"

#include <nlohmann/json.hpp>

#include "common/protocol/workload_specs_json.h"

namespace common::protocol {

using nlohmann::json;

json to_json(const FaultSpec& spec) {
  json result = {{"fault", spec.fault},
                 {"service", spec.service},
                 {"target", spec.target},
                 {"cluster_id", spec.cluster_id},
                 {"duration_ms", spec.duration_ms},
                 {"lease_ms", spec.lease_ms},
                 {"parameters", words_json(spec.parameters)}};
  if (!spec.cluster.bootstrap.empty()) result["cluster"] = to_json(spec.cluster);
  return result;
}

base::Result<FaultSpec> fault_spec_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  FaultSpec spec;
  const auto required_text = [&](std::string_view name, std::string& out) {
    const std::size_t before = problems.size();
    fields.required(name, out);
    if (problems.size() == before && out.empty()) fields.problem(name, "must not be empty");
  };
  required_text("fault", spec.fault);
  fields.optional("service", spec.service);
  fields.optional("target", spec.target);
  fields.optional("cluster_id", spec.cluster_id);
  fields.required("duration_ms", spec.duration_ms, 1, 3'600'000);
  fields.required("lease_ms", spec.lease_ms, 1'000, 3'600'000);
  if (const json* parameters = fields.any("parameters", false))
    spec.parameters = words_from(*parameters, "parameters", problems);
  if (fields.has("cluster")) read_cluster(fields, problems, spec.cluster);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return spec;
}

}  // namespace common::protocol
