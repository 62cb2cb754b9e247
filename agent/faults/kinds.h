// The makers of the fault table, each in the file of its name.
#pragma once

#include "agent/faults/fault.h"

namespace agent::faults {

using MadeFault = common::base::Result<std::unique_ptr<Fault>>;

MadeFault make_kill(const common::protocol::FaultSpec& spec, const Service& service);
MadeFault make_stop(const common::protocol::FaultSpec& spec, const Service& service);
MadeFault make_pause(const common::protocol::FaultSpec& spec, const Service& service);
MadeFault make_restart(const common::protocol::FaultSpec& spec, const Service& service);

}  // namespace agent::faults
