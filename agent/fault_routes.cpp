#include <nlohmann/json.hpp>

#include "agent/api.h"
#include "agent/faults/fault.h"

namespace agent {

namespace http = common::http;
using http::Request;
using http::Response;
using nlohmann::ordered_json;

namespace {

ordered_json facts(const ApiParts& parts) {
  ordered_json kinds = ordered_json::array();
  for (const auto& kind : faults::fault_kinds())
    kinds.push_back({{"kind", kind.name}, {"summary", kind.summary}, {"allowed", parts.desk.allows(kind.name)}});
  ordered_json broken = ordered_json::array();
  for (const auto& each : parts.desk.broken())
    broken.push_back({{"service", each.service}, {"task", each.task}, {"dirty", each.dirty}});
  return {{"blocked", parts.desk.blocked()},
          {"guardian", parts.desk.guardian_pid()},
          {"broken", std::move(broken)},
          {"kinds", std::move(kinds)}};
}

Response revert_all(const ApiParts& parts, const Request&) {
  parts.desk.revert_all(parts.table);
  return answer(facts(parts));
}

Response release(const ApiParts& parts, const Request&) {
  const auto released = parts.desk.release();
  return released.has_error() ? http::error_response(released.error()) : answer(facts(parts));
}

}  // namespace

std::vector<http::Route> fault_routes(const ApiParts& parts) {
  return {
      {"GET", "/v1/faults", [parts](const Request&) { return answer(facts(parts)); },
       "kinds, which are allowed, which services are broken now"},
      {"POST", "/v1/revert-all", [parts](const Request& request) { return revert_all(parts, request); },
       "revert every fault and refuse new ones until POST /v1/release"},
      {"POST", "/v1/release", [parts](const Request& request) { return release(parts, request); },
       "allow faults again"},
  };
}

}  // namespace agent
