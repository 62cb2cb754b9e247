// Asks a cluster how it is set up, once, without a task and without evidence, and changes nothing: for `firedrill
// doctor`. Blocks until it is told or `patience` is over; any thread.
#pragma once

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/protocol/cluster_setup.h"

namespace workloads {

// Error (configuration): a client property is wrong; (unreachable): no broker answers, and why.
common::base::Result<common::protocol::ClusterSetup> ask_setup(const common::protocol::ClusterAccess& access,
                                                               common::base::Nanos patience);

}  // namespace workloads
