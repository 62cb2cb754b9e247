// Ends a service's process by a signal; felt when the process is gone and its address refuses connections.
// What kill, stop and restart have in common.
#pragma once

#include "agent/faults/fault.h"

namespace agent::faults {

common::base::Result<std::unique_ptr<Fault>> end_service(const Service& service, int signal,
                                                         std::chrono::milliseconds felt_within);

}  // namespace agent::faults
