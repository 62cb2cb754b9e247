// How a run is told over the API (GET /v1/runs/{id}): its state, its tasks, and while it goes on its numbers. Pure.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "coordinator/report/live_line.h"
#include "coordinator/run_directory.h"

namespace coordinator {

nlohmann::json run_json(const RunState& state, const std::optional<report::LiveState>& live);

// A run whose run.json tells nothing any more: state `damaged`, and `damage` says what and where.
nlohmann::json damaged_run_json(const std::string& run, const std::string& damage);

// verdict, sentence and exit_code out of a report.json; a run without one has nulls there.
void add_verdict(nlohmann::json& run, const nlohmann::json& report);

}  // namespace coordinator
