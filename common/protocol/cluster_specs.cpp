// JSON of the specs that look at a cluster or set it up: audit, observe, topics.
#include <set>

#include <nlohmann/json.hpp>

#include "common/protocol/workload_specs.h"
#include "common/protocol/workload_specs_json.h"

namespace common::protocol {

using nlohmann::json;

namespace {

constexpr std::int64_t kLongestDeadlineMs = 24LL * 3600 * 1000;

json to_json(const TopicSpec& topic) {
  return {{"name", topic.name},
          {"partitions", topic.partitions},
          {"replication_factor", topic.replication_factor},
          {"config", topic.config}};
}

void read_topics(base::Fields& fields, base::Problems& problems, std::vector<TopicSpec>& out) {
  const json* list = fields.array("topics", true);
  if (list == nullptr) return;
  std::set<std::string> names;
  for (std::size_t i = 0; i < list->size(); ++i) {
    base::Fields nested((*list)[i], fields.path_of("topics[" + std::to_string(i) + "]"), problems);
    TopicSpec topic;
    read_topic(nested, problems, "name", topic.name);
    nested.optional("partitions", topic.partitions, 1, 1'000'000);
    nested.optional("replication_factor", topic.replication_factor, 1, 32'767);
    nested.optional("config", topic.config);
    if (!topic.name.empty() && !names.insert(topic.name).second)
      nested.problem("name", "stands twice: \"" + topic.name + "\"");
    nested.finish();
    out.push_back(std::move(topic));
  }
}

void check_topics(base::Fields& fields, const std::vector<std::string>& topics) {
  for (std::size_t i = 0; i < topics.size(); ++i) check_topic(fields, "topics[" + std::to_string(i) + "]", topics[i]);
}

}  // namespace

json to_json(const AuditSpec& spec) {
  return {{"cluster", to_json(spec.cluster)}, {"topic", spec.topic}, {"deadline_ms", spec.deadline_ms}};
}

json to_json(const ObserveSpec& spec) {
  return {{"cluster", to_json(spec.cluster)},
          {"topics", spec.topics},
          {"groups", spec.groups},
          {"reads", spec.reads},
          {"transactional_ids", spec.transactional_ids},
          {"interval_ms", spec.interval_ms}};
}

json to_json(const TopicsSpec& spec) {
  json topics = json::array();
  for (const auto& topic : spec.topics) topics.push_back(to_json(topic));
  return {{"cluster", to_json(spec.cluster)},
          {"topics", std::move(topics)},
          {"remove", spec.remove},
          {"deadline_ms", spec.deadline_ms}};
}

base::Result<AuditSpec> audit_spec_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  AuditSpec spec;
  read_cluster(fields, problems, spec.cluster);
  read_topic(fields, problems, "topic", spec.topic);
  fields.optional("deadline_ms", spec.deadline_ms, 1, kLongestDeadlineMs);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return spec;
}

base::Result<ObserveSpec> observe_spec_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  ObserveSpec spec;
  read_cluster(fields, problems, spec.cluster);
  fields.optional("topics", spec.topics);
  check_topics(fields, spec.topics);
  fields.optional("groups", spec.groups);
  fields.optional("reads", spec.reads);
  fields.optional("transactional_ids", spec.transactional_ids);
  fields.optional("interval_ms", spec.interval_ms, 10, 3'600'000);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return spec;
}

base::Result<TopicsSpec> topics_spec_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  TopicsSpec spec;
  read_cluster(fields, problems, spec.cluster);
  read_topics(fields, problems, spec.topics);
  fields.optional("remove", spec.remove);
  fields.optional("deadline_ms", spec.deadline_ms, 1, kLongestDeadlineMs);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return spec;
}

}  // namespace common::protocol
