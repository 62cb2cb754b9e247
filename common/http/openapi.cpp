#include "common/http/openapi.h"

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

#include "common/base/assert.h"
#include "common/base/json_text.h"
#include "common/http/target.h"

namespace common::http {

using nlohmann::ordered_json;

namespace {

ordered_json parameters_of(const std::string& pattern) {
  ordered_json parameters = ordered_json::array();
  const auto target = parse_target(pattern);
  FIREDRILL_ASSERT(target.has_value());
  const auto add = [&](const std::string& name, const char* where, bool required) {
    parameters.push_back({{"name", name}, {"in", where}, {"required", required}, {"schema", {{"type", "string"}}}});
  };
  for (const auto& segment : target->segments)
    if (segment.size() > 2 && segment.front() == '{') add(segment.substr(1, segment.size() - 2), "path", true);
  for (const auto& [name, value] : target->query) add(name, "query", false);
  return parameters;
}

ordered_json operation(const Route& route) {
  ordered_json described;
  described["summary"] = route.summary;
  ordered_json parameters = parameters_of(route.pattern);
  if (!parameters.empty()) described["parameters"] = std::move(parameters);
  described["responses"]["200"]["description"] = "done";
  described["responses"]["default"]["description"] = "the error as JSON";
  described["responses"]["default"]["content"]["application/json"]["schema"]["$ref"] = "#/components/schemas/Error";
  return described;
}

}  // namespace

std::string openapi_document(const std::string& title, const std::string& version, const std::vector<Route>& routes) {
  ordered_json document;
  document["openapi"] = "3.1.0";
  document["info"] = {{"title", title}, {"version", version}};
  document["paths"] = ordered_json::object();
  for (const auto& route : routes) {
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::tolower(c); });
    document["paths"][route.pattern.substr(0, route.pattern.find('?'))][method] = operation(route);
  }
  const ordered_json text = {{"type", "string"}};
  document["components"]["schemas"]["Error"] = {
      {"type", "object"},
      {"properties", {{"error", {{"type", "object"}, {"properties", {{"kind", text}, {"what", text}}}}}}}};
  return common::base::json_text(document, 2) + "\n";
}

}  // namespace common::http
