#include <algorithm>
#include <charconv>
#include <optional>

#include "common/base/json_fields.h"
#include "coordinator/scenario/sections.h"

namespace coordinator::scenario {

namespace {

constexpr const char* kForms =
    "`broker N`, `leader of TOPIC-PARTITION`, `controller`, `coordinator of group G` or "
    "`coordinator of transactions of TASK`";

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

void check_broker(const std::string& id, const Node& at, const Surroundings& around, Reading& reading) {
  const auto node = number(id);
  if (!node) return reading.mistake(at, "`" + id + "` is not a broker's id");
  if (!around.cluster.services.has_value()) return;  // it may well exist
  const auto& brokers = around.cluster.brokers;
  if (std::count(brokers.begin(), brokers.end(), *node) > 0) return;
  std::string known;
  for (const std::int64_t broker : brokers) known += (known.empty() ? "" : ", ") + std::to_string(broker);
  reading.mistake(at, "there is no broker " + id + "; declared are " + (known.empty() ? "none" : known));
}

void check_leader(const std::string& where, const Node& at, const Surroundings& around, Reading& reading) {
  const std::size_t dash = where.rfind('-');
  const auto partition = dash == std::string::npos ? std::nullopt : number(std::string_view(where).substr(dash + 1));
  if (!partition) return reading.mistake(at, "`" + where + "` is not TOPIC-PARTITION, as in orders-0");
  std::vector<std::string> names;
  for (const auto& topic : around.topics) {
    names.push_back(topic.name);
    if (topic.name != where.substr(0, dash)) continue;
    if (*partition < topic.partitions) return;
    return reading.mistake(at, "`" + topic.name + "` has no partition " + std::to_string(*partition) +
                                   "; it has 0 to " + std::to_string(topic.partitions - 1));
  }
  const std::string meant = common::base::nearest(where.substr(0, dash), names);
  reading.mistake(at, "the topic `" + where.substr(0, dash) + "` is not declared under `topics`" +
                          (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
}

void check_group(const std::string& group, const Node& at, const Surroundings& around, Reading& reading) {
  std::vector<std::string> groups;
  for (const auto& workload : around.workloads) {
    if (workload.group == group) return;
    if (!workload.group.empty()) groups.push_back(workload.group);
  }
  const std::string meant = common::base::nearest(group, groups);
  reading.mistake(at, "no workload consumes in the group `" + group + "`" +
                          (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
}

void check_transactions(const std::string& task, const Node& at, const Surroundings& around, Reading& reading) {
  std::vector<std::string> tasks;
  for (const auto& workload : around.workloads) {
    if (workload.kind != "transact") continue;
    if (workload.task == task) return;
    tasks.push_back(workload.task);
  }
  const std::string meant = common::base::nearest(task, tasks);
  reading.mistake(at, "there is no task `" + task + "` with transactions" +
                          (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
}

}  // namespace

void check_target(const std::string& target, const Node& at, const Surroundings& around, Reading& reading) {
  if (target == "controller" || target.empty()) return;  // an empty one was told already
  if (target.starts_with("broker ")) return check_broker(target.substr(7), at, around, reading);
  if (target.starts_with("leader of ")) return check_leader(target.substr(10), at, around, reading);
  if (target.starts_with("coordinator of group ")) return check_group(target.substr(21), at, around, reading);
  if (target.starts_with("coordinator of transactions of "))
    return check_transactions(target.substr(31), at, around, reading);
  reading.mistake(at, "`" + target + "` is no target; it can be " + kForms);
}

}  // namespace coordinator::scenario
