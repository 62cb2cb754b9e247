// The agents of a run: who they are, which services (brokers) each owns, whose clock each follows. Made once by asking
// every agent; afterwards immutable, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/protocol/agent_info.h"
#include "coordinator/scenario/plan.h"

namespace coordinator {

struct FleetAgent {
  std::string url;
  common::protocol::AgentInfo info;
};

struct BrokerOwner {
  const FleetAgent* agent = nullptr;
  const common::protocol::ServiceInfo* service = nullptr;
};

class Fleet {
 public:
  // Asks each agent who it is; one that does not answer within `timeout` is an Error (unreachable) that names it.
  // Two agents of one name, a broker declared twice, or a host name that two clocks share are Errors (configuration).
  static common::base::Result<Fleet> connect(const std::vector<std::string>& urls, std::chrono::milliseconds timeout);
  static common::base::Result<Fleet> of(std::vector<FleetAgent> agents);  // the same checks, without asking

  const std::vector<FleetAgent>& agents() const { return agents_; }
  const FleetAgent* find(const std::string& name) const;
  BrokerOwner owner_of(std::int64_t node_id) const;  // nobody: nulls
  scenario::ClusterFacts facts() const;

 private:
  std::vector<FleetAgent> agents_;
};

// What one agent tells of itself, retried until `timeout`; the host's clock is checked if it claims to be ours.
common::base::Result<FleetAgent> ask_agent(const std::string& url, std::chrono::milliseconds timeout);

}  // namespace coordinator
