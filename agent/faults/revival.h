// The undo of every fault of a process: the service runs again and answers. From the record alone.
#pragma once

#include <csignal>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "agent/faults/journal.h"
#include "agent/faults/process.h"
#include "agent/faults/service.h"
#include "common/base/result.h"

namespace agent::faults {

// What the record of such a fault holds: {"service": {...}, "victim": {pid, start time, boot}, "signal": n}, and
// "starting": the start command that a revert had begun, so that a second revert waits for it instead of starting
// twice.
nlohmann::json process_undo(const Service& service, const ProcessIdentity& victim, int signal);

// Ends the victim if the fault came only half way (it may have been signalled, and a process that shuts down still
// answers for a while), then starts the service if it does not run, and waits until it answers. For kill, stop,
// restart.
common::base::Result<std::string> revive(UndoRecord& record, const Journal& journal);
// SIGCONT if it is still the victim, then the same. For pause.
common::base::Result<std::string> thaw(UndoRecord& record, const Journal& journal);

}  // namespace agent::faults
