// A command of the executable: one file per command, one row in main.cpp. `add` declares the command's options and sets
// a callback that runs it and stores its exit code (DESIGN section 8: 0 pass, 1 usage, 2 configuration, 10 violated, 11
// expectation missed, 12 inconclusive, 13 hang, 20 infrastructure, 21 revert failed, 30 aborted).
#pragma once

#include <string>

#include "common/base/result.h"

namespace CLI {
class App;
}

namespace cli {

void add_agent(CLI::App& app, int& exit_code);
void add_coordinator(CLI::App& app, int& exit_code);
void add_doctor(CLI::App& app, int& exit_code);
void add_evidence(CLI::App& app, int& exit_code);
void add_explain(CLI::App& app, int& exit_code);
void add_fault(CLI::App& app, int& exit_code);
void add_judge(CLI::App& app, int& exit_code);
void add_report(CLI::App& app, int& exit_code);
void add_run(CLI::App& app, int& exit_code);
void add_selftest(CLI::App& app, int& exit_code);
void add_workload(CLI::App& app, int& exit_code);

// Prints `firedrill: WHAT` on standard error and gives the exit code of its kind.
int report_error(const common::base::Error& error);

std::string version_text();  // "firedrill 0.1.0 (librdkafka 2.15.1)"

}  // namespace cli
