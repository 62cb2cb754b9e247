// The makers of the fault table, each in the file of its name.
#pragma once

#include "agent/faults/fault.h"

namespace agent::faults {

using MadeFault = common::base::Result<std::unique_ptr<Fault>>;

MadeFault make_kill(const FaultOrder& order);
MadeFault make_stop(const FaultOrder& order);
MadeFault make_pause(const FaultOrder& order);
MadeFault make_restart(const FaultOrder& order);

}  // namespace agent::faults
