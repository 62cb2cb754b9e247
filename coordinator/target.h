// Which broker a fault's target means now. A target is bound once, when the fault is injected, and never resolved
// again. Pure.
//   broker 2 · leader of orders-3 · controller · coordinator of group readers · coordinator of transactions of relay
#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "coordinator/observation.h"

namespace coordinator {

// An Error (not_found) says what the cluster did not tell; (configuration): no such form of target.
// Topics and groups are named as the scenario has them; on the cluster `suffix` follows the name.
common::base::Result<std::int64_t> resolve_target(const std::string& target, const Observation& seen,
                                                  const std::string& suffix);

// Whether the observation is needed at all: `broker 2` needs none.
bool needs_observation(const std::string& target);

}  // namespace coordinator
