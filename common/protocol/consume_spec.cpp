#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "common/protocol/workload_specs.h"
#include "common/protocol/workload_specs_json.h"

namespace common::protocol {

using nlohmann::json;

namespace {

void read_partitions(base::Fields& fields, std::vector<std::int64_t>& out) {
  const json* list = fields.array("partitions", false);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const json& entry = (*list)[i];
    const bool fits = entry.is_number_integer() && entry >= 0 && entry <= INT32_MAX;
    if (fits) {
      out.push_back(entry.get<std::int64_t>());
    } else {
      fields.problem("partitions[" + std::to_string(i) + "]",
                     "must be a partition's number, not " + common::base::json_text(entry));
    }
  }
}

// Settings that contradict each other: the client library would ignore one of them without a word.
void check_membership(base::Fields& fields, const ConsumeSpec& spec) {
  if (!spec.group.empty() && !spec.partitions.empty())
    fields.problem("partitions", "are for assignment by hand, but group `" + spec.group + "` assigns them");
  if (spec.group.empty() && !spec.instance_id.empty()) fields.problem("instance_id", "needs a group");
  if (spec.group.empty() && spec.protocol == "consumer") fields.problem("protocol", "`consumer` needs a group");
}

}  // namespace

json to_json(const ConsumeSpec& spec) {
  return {{"cluster", to_json(spec.cluster)},
          {"topic", spec.topic},
          {"group", spec.group},
          {"partitions", spec.partitions},
          {"protocol", spec.protocol},
          {"instance_id", spec.instance_id},
          {"assignor", spec.assignor},
          {"isolation", spec.isolation},
          {"reset", spec.reset},
          {"commit", spec.commit},
          {"commit_interval_ms", spec.commit_interval_ms},
          {"session_timeout_ms", spec.session_timeout_ms},
          {"properties", spec.properties}};
}

void read_membership(base::Fields& fields, ConsumeSpec& spec) {
  fields.optional("group", spec.group);
  fields.optional("protocol", spec.protocol, {"classic", "consumer"});
  fields.optional("instance_id", spec.instance_id);
  fields.optional("assignor", spec.assignor, {"range", "roundrobin", "cooperative-sticky"});
  fields.optional("reset", spec.reset, {"earliest", "latest", "error"});
  fields.optional("session_timeout_ms", spec.session_timeout_ms, 1, 3'600'000);
  fields.optional("properties", spec.properties);
}

base::Result<ConsumeSpec> consume_spec_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  ConsumeSpec spec;
  read_cluster(fields, problems, spec.cluster);
  read_topic(fields, problems, "topic", spec.topic);
  read_membership(fields, spec);
  read_partitions(fields, spec.partitions);
  fields.optional("isolation", spec.isolation, {"read_committed", "read_uncommitted"});
  fields.optional("commit", spec.commit, {"sync", "async", "auto", "none"});
  fields.optional("commit_interval_ms", spec.commit_interval_ms, 0, 86'400'000);
  check_membership(fields, spec);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return spec;
}

}  // namespace common::protocol
