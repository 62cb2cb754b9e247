// The workload `consume`: reads a topic as a member of a group or with partitions assigned by hand, checks each
// record's identity, commits what it has processed, and records all of it.
#pragma once

#include <memory>

#include "workloads/workload.h"

namespace workloads {
common::base::Result<std::unique_ptr<Workload>> make_consume(const nlohmann::json& spec,
                                                             const WorkloadContext& context);
}
