#include "agent/config.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "agent/faults/durable_file.h"
#include "agent/faults/fault.h"
#include "common/base/clock.h"
#include "common/base/json_fields.h"

namespace agent {

namespace base = common::base;
using nlohmann::json;

namespace {

std::vector<std::string> known_kinds() {
  std::vector<std::string> names;
  for (const auto& kind : faults::fault_kinds()) names.emplace_back(kind.name());
  return names;
}

std::string why_no_fault(const std::string& kind) {
  const auto known = known_kinds();
  if (std::find(known.begin(), known.end(), kind) != known.end()) return "";
  const std::string meant = base::nearest(kind, known);
  return "names no fault: `" + kind + "`" + (meant.empty() ? "" : "; did you mean `" + meant + "`?");
}

void read_services(const json& list, AgentConfig& config, base::Problems& problems) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string path = "services[" + std::to_string(i) + "]";
    auto service = faults::service_from(list[i], path, problems);
    if (!service.name.empty() && !names.insert(service.name).second)
      problems.push_back({path + ".name", "stands twice: `" + service.name + "`"});
    config.services.push_back(std::move(service));
  }
}

}  // namespace

base::Result<void> check_fault_kinds(const std::vector<std::string>& kinds) {
  for (const auto& kind : kinds) {
    if (const std::string why = why_no_fault(kind); !why.empty())
      return base::fail(base::ErrorKind::configuration, "--allow-faults " + why);
  }
  return {};
}

base::Result<AgentConfig> parse_agent_config(const std::string& text) {
  const auto parsed = base::parse_json(text);
  if (parsed.has_error()) return parsed.error();
  AgentConfig config;
  config.name = config.host = base::host_name();
  base::Problems problems;
  base::Fields fields(*parsed, "", problems);
  fields.optional("name", config.name);
  fields.optional("host", config.host);
  fields.optional("cluster_id", config.cluster_id);
  fields.optional("allow_faults", config.allow_faults);
  if (const json* services = fields.array("services", false)) read_services(*services, config, problems);
  for (const auto& kind : config.allow_faults) {
    if (const std::string why = why_no_fault(kind); !why.empty()) fields.problem("allow_faults", why);
  }
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return config;
}

base::Result<AgentConfig> read_agent_config(const std::string& path) {
  const auto text = faults::read_file(path);
  if (text.has_error()) return base::fail(base::ErrorKind::configuration, text.error().what);
  auto config = parse_agent_config(*text);
  if (config.has_error()) return base::context(config.error(), path);
  return config;
}

}  // namespace agent
