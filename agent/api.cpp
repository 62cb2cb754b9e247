#include "agent/api.h"

#include <nlohmann/json.hpp>

#include "agent/faults/fault.h"
#include "common/base/clock.h"
#include "common/base/json_text.h"
#include "common/http/openapi.h"
#include "common/protocol/agent_info.h"
#include "common/protocol/version_info.h"
#include "workloads/workload.h"

namespace agent {

namespace base = common::base;
namespace http = common::http;
namespace protocol = common::protocol;
using nlohmann::ordered_json;

namespace {

// "ok", or "dirty": something could not be reverted, and what to do about it.
http::Response health(const ApiParts& parts) {
  ordered_json body{{"status", "ok"}, {"dirty", ordered_json::array()}};
  for (const auto& broken : parts.desk.broken()) {
    if (!broken.dirty) continue;
    body["status"] = "dirty";
    const auto task = parts.table.find(broken.task);
    body["dirty"].push_back(
        {{"service", broken.service}, {"task", broken.task}, {"error", task ? task->status().error : ""}});
  }
  return answer(body);
}

http::Response clock() {
  const auto received = base::steady_now();
  ordered_json body{{"t_receive", received}};
  body["t_send"] = base::steady_now();
  return answer(body);
}

}  // namespace

http::Response answer(const ordered_json& body) {
  return http::json_response(common::base::json_text(body) + "\n");
}

protocol::AgentInfo info_of(const AgentConfig& config) {
  protocol::AgentInfo info;
  info.name = config.name;
  info.host = config.host;
  info.version = config.version;
  info.librdkafka = workloads::librdkafka_version();
  info.cluster_id = config.cluster_id;
  for (const auto& service : config.services)
    info.services.push_back({service.name, service.node_id, service.address, service.broker, service.controller});
  for (const auto& kind : workloads::workload_kinds()) info.workloads.emplace_back(kind.name);
  info.faults = config.allow_faults;
  return info;
}

std::vector<http::Route> routes(const ApiParts& parts) {
  using http::Request;
  std::vector<http::Route> table{
      {"GET", "/v1/health", [parts](const Request&) { return health(parts); },
       "ok, or dirty: what could not be reverted"},
      {"GET", "/v1/version",
       [parts](const Request&) {
         return answer(to_json(protocol::VersionInfo{"agent", parts.config.version, workloads::librdkafka_version()}));
       },
       "role, and the versions of Firedrill and librdkafka"},
      {"GET", "/v1/info",
       [parts](const Request&) {
         return http::json_response(common::base::json_text(to_json(info_of(parts.config))) + "\n");
       },
       "name, host, services, workloads, allowed faults"},
      {"GET", "/v1/clock", [](const Request&) { return clock(); },
       "this host's monotonic clock at receipt and at sending, ns"},
  };
  for (auto& route : task_routes(parts)) table.push_back(std::move(route));
  for (auto& route : fault_routes(parts)) table.push_back(std::move(route));
  for (auto& route : cluster_routes()) table.push_back(std::move(route));
  table.push_back({"GET", "/v1/openapi.json", {}, "this document"});
  const std::string document = http::openapi_document("Firedrill agent", parts.config.version, table);
  table.back().handler = [document](const Request&) { return http::json_response(document); };
  return table;
}

}  // namespace agent
