#include "common/protocol/fault_spec.h"

#include <nlohmann/json.hpp>

namespace common::protocol {

using nlohmann::json;

json to_json(const FaultSpec& spec) {
  return {{"fault", spec.fault},
          {"service", spec.service},
          {"target", spec.target},
          {"cluster_id", spec.cluster_id},
          {"duration_ms", spec.duration_ms},
          {"lease_ms", spec.lease_ms},
          {"hard", spec.hard}};
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
  required_text("service", spec.service);
  fields.optional("target", spec.target);
  fields.optional("cluster_id", spec.cluster_id);
  fields.required("duration_ms", spec.duration_ms, 1, 3'600'000);
  fields.required("lease_ms", spec.lease_ms, 1'000, 600'000);
  fields.optional("hard", spec.hard);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return spec;
}

}  // namespace common::protocol
