#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/protocol/bootstrap.h"
#include "common/protocol/workload_specs_json.h"

namespace common::protocol {

using nlohmann::json;

json to_json(const ClusterAccess& access) {
  return {{"bootstrap", access.bootstrap}, {"client", access.client}};
}

void read_cluster(base::Fields& fields, base::Problems& problems, ClusterAccess& out) {
  const json* value = fields.object("cluster", true);
  if (value == nullptr) return;
  base::Fields nested(*value, fields.path_of("cluster"), problems);
  const std::size_t before = problems.size();
  nested.required("bootstrap", out.bootstrap);
  if (problems.size() == before)
    if (auto mistake = bootstrap_mistake(out.bootstrap); !mistake.empty())
      nested.problem("bootstrap", std::move(mistake));
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
