// The workload `audit`: reads every partition of a topic from log start to end with a fresh client, and claims, per
// partition that it read whole, that this is all there is. Only such a claim proves absence.
#pragma once

#include <memory>

#include "workloads/workload.h"

namespace workloads {
common::base::Result<std::unique_ptr<Workload>> make_audit(const nlohmann::json& spec, const WorkloadContext& context);
}
