// The workload `produce`: numbered messages to explicit partitions, open loop (a rate) or closed (flat out), and what
// became of each. When a producer instance becomes unusable a new incarnation, with numbers from 0, goes on.
#pragma once

#include <memory>

#include "workloads/workload.h"

namespace workloads {
common::base::Result<std::unique_ptr<Workload>> make_produce(const nlohmann::json& spec,
                                                             const WorkloadContext& context);
}
