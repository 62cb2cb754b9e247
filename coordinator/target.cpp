#include "coordinator/target.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

namespace {

constexpr std::string_view kBroker = "broker ";
constexpr std::string_view kLeader = "leader of ";
constexpr std::string_view kGroup = "coordinator of group ";
constexpr std::string_view kTransactions = "coordinator of transactions of ";

bool strip(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

Result<std::int64_t> told(std::int64_t node, const std::string& target) {
  if (node < 0) return fail(ErrorKind::not_found, "the cluster names no " + target + " now");
  return node;
}

}  // namespace

bool needs_observation(const std::string& target) {
  return target.compare(0, kBroker.size(), kBroker) != 0;
}

Result<std::int64_t> resolve_target(const std::string& target, const Observation& seen, const std::string& suffix) {
  std::string_view rest = target;
  if (strip(rest, kBroker)) {
    std::int64_t node = -1;
    const auto [end, code] = std::from_chars(rest.data(), rest.data() + rest.size(), node);
    if (code == std::errc() && end == rest.data() + rest.size() && node >= 0) return node;
  } else if (strip(rest, kLeader)) {
    const std::size_t dash = std::min(rest.rfind('-'), rest.size());
    const auto found =
        seen.partitions.find(std::string(rest.substr(0, dash)) + suffix + std::string(rest.substr(dash)));
    return told(found == seen.partitions.end() ? -1 : found->second.leader, target);
  } else if (rest == "controller") {
    return told(seen.controller, target);
  } else if (strip(rest, kGroup)) {
    const auto found = seen.groups.find(std::string(rest) + suffix);
    return told(found == seen.groups.end() ? -1 : found->second.coordinator, target);
  } else if (strip(rest, kTransactions)) {
    // The id of a task's transactions is RUN.TASK.
    const std::string end = "." + std::string(rest);
    for (const auto& [id, coordinator] : seen.transaction_coordinators)
      if (std::string_view(id).ends_with(end)) return told(coordinator, target);
    return told(-1, target);
  }
  return fail(ErrorKind::configuration,
              "a fault's target is `broker N`, `leader of TOPIC-P`, `controller`, `coordinator of group G` or "
              "`coordinator of transactions of TASK`, not `" +
                  target + "`");
}

}  // namespace coordinator
