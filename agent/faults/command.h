// Runs a service's start command: no shell, a session of its own, no descriptor of ours, standard input from nowhere.
// Whatever it starts outlives us. Blocks until the command itself returned, at most `patience`. Any thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "agent/faults/process.h"
#include "common/base/result.h"

namespace agent::faults {

// `announce` is called with the identity of the child before it executes anything: what it writes down is on disk
// before the command's first effect. If it fails, or if we are killed in it, the child ends without having executed
// anything.
common::base::Result<void> run_command(
    const std::vector<std::string>& argv, std::chrono::milliseconds patience,
    const std::function<common::base::Result<void>(const ProcessIdentity&)>& announce);

std::string shown(const std::vector<std::string>& argv);  // for a person: pasted into a shell it does the same

}  // namespace agent::faults
