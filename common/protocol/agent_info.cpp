#include "common/protocol/agent_info.h"

#include <nlohmann/json.hpp>

namespace common::protocol {

using nlohmann::json;

namespace {

json to_json(const ServiceInfo& service) {
  return {{"name", service.name},
          {"node_id", service.node_id},
          {"address", service.address},
          {"broker", service.broker},
          {"controller", service.controller}};
}

void read_services(base::Fields& fields, base::Problems& problems, std::vector<ServiceInfo>& out) {
  const json* list = fields.array("services", true);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    base::Fields nested((*list)[i], fields.path_of("services[" + std::to_string(i) + "]"), problems);
    ServiceInfo service;
    nested.required("name", service.name);
    nested.required("node_id", service.node_id, -1, INT32_MAX);
    nested.required("address", service.address);
    nested.required("broker", service.broker);
    nested.required("controller", service.controller);
    nested.finish();
    out.push_back(std::move(service));
  }
}

}  // namespace

json to_json(const AgentInfo& info) {
  json services = json::array();
  for (const auto& service : info.services) services.push_back(to_json(service));
  return {{"name", info.name},
          {"host", info.host},
          {"version", info.version},
          {"librdkafka", info.librdkafka},
          {"cluster_id", info.cluster_id},
          {"services", std::move(services)},
          {"workloads", info.workloads},
          {"faults", info.faults}};
}

base::Result<AgentInfo> agent_info_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  AgentInfo info;
  fields.required("name", info.name);
  fields.required("host", info.host);
  fields.required("version", info.version);
  fields.required("librdkafka", info.librdkafka);
  fields.optional("cluster_id", info.cluster_id);
  read_services(fields, problems, info.services);
  fields.required("workloads", info.workloads);
  fields.required("faults", info.faults);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return info;
}

}  // namespace common::protocol
