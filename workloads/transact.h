// The workload `transact`: sends numbered messages in transactions, some of which it aborts on purpose; or, with an
// input, makes each record that it reads into another one, exactly once if Kafka keeps its word.
#pragma once

#include <memory>

#include "workloads/workload.h"

namespace workloads {
common::base::Result<std::unique_ptr<Workload>> make_transact(const nlohmann::json& spec,
                                                              const WorkloadContext& context);
}
