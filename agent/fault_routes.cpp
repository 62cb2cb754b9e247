#include <nlohmann/json.hpp>

#include "agent/api.h"
#include "agent/faults/fault.h"
#include "common/base/json_fields.h"

namespace agent {

namespace base = common::base;
namespace http = common::http;
using http::Request;
using http::Response;
using nlohmann::ordered_json;

namespace {

ordered_json facts(const ApiParts& parts) {
  ordered_json kinds = ordered_json::array();
  for (const auto& kind : faults::fault_kinds())
    kinds.push_back({{"kind", kind.row->name},
                     {"group", kind.row->group},
                     {"summary", kind.row->summary},
                     {"allowed", parts.desk.allows(kind.name())}});
  ordered_json broken = ordered_json::array();
  for (const auto& each : parts.desk.broken())
    broken.push_back({{"service", each.service}, {"kind", each.kind}, {"task", each.task}, {"dirty", each.dirty}});
  return {{"blocked", parts.desk.blocked()},
          {"guardian", parts.desk.guardian_pid()},
          {"broken", std::move(broken)},
          {"kinds", std::move(kinds)}};
}

Response plan(const ApiParts& parts, const Request& request) {
  const auto body = base::parse_json(request.body);
  if (body.has_error()) return http::error_response(body.error());
  base::Problems problems;
  base::Fields fields(*body, "", problems);
  std::string name;
  fields.required("kind", name);
  const auto* const told = fields.object("spec", true);
  fields.finish();
  if (!problems.empty()) return http::error_response(to_error(problems));
  const auto* const kind = faults::find_fault(name);
  if (kind == nullptr)
    return http::error_response(
        base::fail(base::ErrorKind::configuration, "field `kind` names no fault: `" + name + "`"));
  const auto spec = common::protocol::fault_spec_from(*told);
  if (spec.has_error()) return http::error_response(base::context(spec.error(), "spec of `" + name + "`"));
  const auto lines = parts.desk.plan(*kind, *spec);
  return lines.has_error() ? http::error_response(lines.error()) : answer({{"plan", *lines}});
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
      {"POST", "/v1/faults/plan", [parts](const Request& request) { return plan(parts, request); },
       "the exact commands and rules of a fault {kind, spec}; nothing is done"},
      {"POST", "/v1/revert-all", [parts](const Request& request) { return revert_all(parts, request); },
       "revert every fault and refuse new ones until POST /v1/release"},
      {"POST", "/v1/release", [parts](const Request& request) { return release(parts, request); },
       "allow faults again"},
  };
}

}  // namespace agent
