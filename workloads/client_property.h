// Whether a property of librdkafka can be given to a workload, so that a wrong one is found before a run begins. Pure
// but for the library's own tables; any thread.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace workloads {

// `kind`: of the workload, "" for every client, "application" for one that is not ours. Error (configuration): there is
// no such property (the nearest is named), it cannot have that value, or the workload decides it itself.
common::base::Result<void> check_client_property(std::string_view kind, const std::string& name,
                                                 const std::string& value);

// That the workload does not decide it itself.
common::base::Result<void> check_may_choose(std::string_view kind, const std::string& name);

}  // namespace workloads
