#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "common/protocol/workload_specs_json.h"

namespace common::protocol {

using nlohmann::json;

namespace {

bool is_host_port(std::string_view address) {
  const auto colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view port = address.substr(colon + 1);
  int number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc() && end == port.data() + port.size() && number > 0 && number < 65536;
}

void check_bootstrap(base::Fields& fields, const std::string& bootstrap) {
  std::string_view rest = bootstrap;
  while (true) {
    const auto comma = rest.find(',');
    const std::string_view address = rest.substr(0, comma);
    if (!is_host_port(address)) {
      fields.problem("bootstrap",
                     "must be host:port, or several with commas between; `" + std::string(address) + "` is not");
      return;
    }
    if (comma == std::string_view::npos) return;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace

json to_json(const ClusterAccess& access) {
  return {{"bootstrap", access.bootstrap}, {"client", access.client}};
}

void read_cluster(base::Fields& fields, base::Problems& problems, ClusterAccess& out) {
  const json* value = fields.object("cluster", true);
  if (value == nullptr) return;
  base::Fields nested(*value, fields.path_of("cluster"), problems);
  const std::size_t before = problems.size();
  nested.required("bootstrap", out.bootstrap);
  if (problems.size() == before) check_bootstrap(nested, out.bootstrap);
  nested.optional("client", out.client);
  nested.finish();
}

void check_topic(base::Fields& fields, std::string_view name, const std::string& topic) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  const bool valid = !topic.empty() && topic.size() <= 249 && topic != "." && topic != ".." &&
                     std::all_of(topic.begin(), topic.end(), allowed);
  if (!valid) fields.problem(name, "must be a topic's name (1 to 249 of A-Z a-z 0-9 . _ -), not \"" + topic + "\"");
}

void read_topic(base::Fields& fields, base::Problems& problems, std::string_view name, std::string& out) {
  const std::size_t before = problems.size();
  fields.required(name, out);
  if (problems.size() == before) check_topic(fields, name, out);
}

}  // namespace common::protocol
