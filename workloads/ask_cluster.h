// Asks a cluster who it is, once, without a task and without evidence: for what must be known before a run. Blocks
// until it is told or `patience` is over; any thread.
#pragma once

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/protocol/cluster_info.h"

namespace workloads {

// Error (configuration): a client property is wrong; (unreachable): no broker answers, and why.
common::base::Result<common::protocol::ClusterInfo> ask_cluster(const common::protocol::ClusterAccess& access,
                                                                common::base::Nanos patience);

}  // namespace workloads
