// The workload `observe`: asks the cluster, again and again, for leaders, epochs, in-sync replicas, log starts and
// ends, the active controller, and the coordinator and lag of groups; and records what it said.
#pragma once

#include <memory>

#include "workloads/workload.h"

namespace workloads {
common::base::Result<std::unique_ptr<Workload>> make_observe(const nlohmann::json& spec,
                                                             const WorkloadContext& context);
}
