#include "common/http/openapi.h"

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

namespace common::http {

using nlohmann::ordered_json;

namespace {

ordered_json parameters_of(const std::string& pattern) {
  ordered_json parameters = ordered_json::array();
  for (std::size_t at = pattern.find('{'); at != std::string::npos; at = pattern.find('{', at + 1)) {
    const std::string name = pattern.substr(at + 1, pattern.find('}', at) - at - 1);
    parameters.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  }
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
    document["paths"][route.pattern][method] = operation(route);
  }
  const ordered_json text = {{"type", "string"}};
  document["components"]["schemas"]["Error"] = {
      {"type", "object"},
      {"properties", {{"error", {{"type", "object"}, {"properties", {{"kind", text}, {"what", text}}}}}}}};
  return document.dump(2) + "\n";
}

}  // namespace common::http
