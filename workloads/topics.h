// The workload `topics`: creates topics (or takes existing ones that fit), waits until every partition has a leader and
// all its replicas in sync, and tells what they are; or removes them.
#pragma once

#include <memory>

#include "workloads/workload.h"

namespace workloads {
common::base::Result<std::unique_ptr<Workload>> make_topics(const nlohmann::json& spec, const WorkloadContext& context);
}
