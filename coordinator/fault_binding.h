// What a fault's parameters mean to its agent: peers become addresses, topics get the run's suffix. Bound once, when
// the fault is injected. Pure.
#pragma once

#include <set>
#include <string>

#include "common/base/result.h"
#include "common/protocol/fault_parameters.h"
#include "coordinator/fleet.h"
#include "coordinator/scenario/plan.h"

namespace coordinator {

struct BindingFacts {
  const Fleet& fleet;
  std::int64_t node = -1;               // the one that is broken; it is no peer of itself
  std::set<std::string> client_agents;  // names of the agents that run workloads
  std::set<std::string> topics;         // of the run, as the scenario names them
  std::string suffix;                   // that follows them on the cluster
};

// An Error (not_found): a peer that no agent declares, or whose address is not known.
common::base::Result<common::protocol::FaultWords> bind_parameters(const scenario::FaultStep& step,
                                                                   const BindingFacts& facts);

}  // namespace coordinator
