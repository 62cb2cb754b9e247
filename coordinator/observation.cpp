#include "coordinator/observation.h"

#include <charconv>
#include <concepts>

#include <nlohmann/json.hpp>

namespace coordinator {

using nlohmann::json;

namespace {

// Progress is for people and for us, not a contract that may end a run: what is odd is not there.
template <std::integral T>
void read(const json& object, const char* name, T& out) {
  const auto found = object.find(name);
  if (found != object.end() && found->is_number_integer()) out = found->get<T>();
}

void read(const json& object, const char* name, double& out) {
  const auto found = object.find(name);
  if (found != object.end() && found->is_number()) out = found->get<double>();
}

void read(const json& object, const char* name, std::string& out) {
  const auto found = object.find(name);
  if (found != object.end() && found->is_string()) out = found->get<std::string>();
}

const json& child(const json& object, const char* name) {
  static const json empty = json::object();
  if (!object.is_object()) return empty;
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? *found : empty;
}

std::vector<std::int64_t> numbers(const json& object, const char* name) {
  std::vector<std::int64_t> out;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return out;
  for (const auto& item : *found)
    if (item.is_number_integer()) out.push_back(item.get<std::int64_t>());
  return out;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [rest, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

PartitionView partition_from(const json& value) {
  PartitionView view;
  if (!value.is_object()) return view;
  read(value, "leader", view.leader);
  read(value, "log_start", view.log_start);
  read(value, "end", view.end);
  read(value, "end_asked_at", view.end_asked_at);
  view.isr = numbers(value, "isr");
  view.replicas = numbers(value, "replicas");
  return view;
}

GroupView group_from(const json& value) {
  GroupView view;
  if (!value.is_object()) return view;
  read(value, "coordinator", view.coordinator);
  for (const auto& [partition, lag] : child(value, "lag").items())
    if (lag.is_number_integer()) view.lag[partition] = lag.get<std::int64_t>();
  return view;
}

}  // namespace

Observation observation_from(const json& progress) {
  Observation seen;
  if (!progress.is_object()) return seen;
  read(progress, "at", seen.at);
  read(progress, "cluster_id", seen.cluster_id);
  read(progress, "controller", seen.controller);
  for (const auto id : numbers(progress, "brokers")) seen.brokers.insert(id);
  for (const auto& [name, value] : child(progress, "partitions").items()) seen.partitions[name] = partition_from(value);
  for (const auto& [name, value] : child(progress, "groups").items()) seen.groups[name] = group_from(value);
  for (const auto& [id, value] : child(progress, "transactions").items())
    read(value, "coordinator", seen.transaction_coordinators.try_emplace(id, -1).first->second);
  return seen;
}

ProduceNumbers produce_numbers(const json& progress) {
  ProduceNumbers out;
  if (!progress.is_object()) return out;
  read(progress, "sent", out.sent);
  read(progress, "acked", out.acked);
  read(progress, "refused", out.refused);
  read(progress, "unknown", out.unknown);
  read(progress, "in_flight", out.in_flight);
  read(progress, "rate", out.rate);
  read(child(progress, "ack_ms"), "p50", out.p50_ms);
  read(child(progress, "ack_ms"), "p99", out.p99_ms);
  return out;
}

ConsumeNumbers consume_numbers(const json& progress) {
  ConsumeNumbers out;
  if (!progress.is_object()) return out;
  read(progress, "delivered", out.delivered);
  const auto ready = progress.find("ready");
  out.ready = ready != progress.end() && ready->is_boolean() && ready->get<bool>();
  for (const auto& [partition, position] : child(progress, "assigned").items())
    if (const auto index = number(partition); index.has_value() && position.is_number_integer())
      out.positions[*index] = position.get<std::int64_t>();
  return out;
}

std::map<std::int64_t, PartitionView> partitions_of(const Observation& seen, const std::string& topic) {
  std::map<std::int64_t, PartitionView> out;
  for (const auto& [name, view] : seen.partitions) {
    if (name.size() <= topic.size() + 1 || name.compare(0, topic.size(), topic) != 0 || name[topic.size()] != '-')
      continue;
    if (const auto index = number(std::string_view(name).substr(topic.size() + 1))) out[*index] = view;
  }
  return out;
}

}  // namespace coordinator
