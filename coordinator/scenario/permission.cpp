// Whether some agent will do a fault. Roles (`leader of orders-0`) are bound when the fault is injected, so for them
// one agent that would is enough; `broker 2` is one service, and its agent must.
#include <algorithm>

#include "coordinator/scenario/sections.h"

namespace coordinator::scenario {

namespace {

using Services = std::vector<DeclaredService>;

std::string agents_of(const Services& services) {
  std::string names;
  for (const auto& service : services)
    if (names.find("`" + service.agent + "`") == std::string::npos)
      names += (names.empty() ? "`" : ", `") + service.agent + "`";
  return names;
}

std::string allowed_by(const Services& services) {
  std::string kinds;
  for (const auto& service : services)
    for (const auto& kind : service.faults)
      if (kinds.find("`" + kind + "`") == std::string::npos) kinds += (kinds.empty() ? "`" : ", `") + kind + "`";
  return kinds.empty() ? "nothing" : kinds;
}

}  // namespace

void check_permission(const FaultStep& fault, const Node& at, const ClusterFacts& cluster, Reading& reading) {
  if (!cluster.services.has_value() || fault.kind.empty()) return;
  Services services = *cluster.services;
  const std::string what = "the fault `" + fault.kind + "`";
  if (services.empty())
    return reading.mistake(
        at, "nothing is declared that " + what +
                " could break: declare the brokers as services with a node_id, by --services FILE (`firedrill "
                "run`), or by --config FILE of an agent that is named by --agent URL");
  if (fault.target.starts_with("broker "))
    std::erase_if(services,
                  [&](const auto& service) { return fault.target.substr(7) != std::to_string(service.node_id); });
  if (services.empty()) return;  // there is no such broker, which was told
  const std::string agents = agents_of(services);
  const std::string allowed = allowed_by(services);
  const auto keep = [&](const auto& condition) {
    std::erase_if(services, [&](const auto& service) { return !condition(service); });
    return !services.empty();
  };
  if (!keep([&](const DeclaredService& service) {
        return std::count(service.faults.begin(), service.faults.end(), fault.kind) > 0;
      }))
    return reading.mistake(at, what + " is not allowed by agent " + agents + ", which allows " + allowed + "; add `" +
                                   fault.kind +
                                   "` to its --allow-faults (of `firedrill run`, or of `firedrill agent`)");
  if (!keep([](const DeclaredService& service) { return !service.cluster_id.empty(); }))
    return reading.mistake(at, what + " is refused by agent " + agents +
                                   ", which was not told a cluster: write `cluster_id` into its configuration" +
                                   (cluster.cluster_id.empty() ? "" : " (this one is " + cluster.cluster_id + ")"));
  const std::string told = services.front().cluster_id;
  if (!cluster.cluster_id.empty() &&
      !keep([&](const DeclaredService& service) { return service.cluster_id == cluster.cluster_id; }))
    reading.mistake(at, what + " is refused by agent " + agents + ", which was told the cluster " + told +
                            ", not this one, which is " + cluster.cluster_id);
}

}  // namespace coordinator::scenario
