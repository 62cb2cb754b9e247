// JSON of RunState: the content of run.json, and what the API tells of a run. Strict: every mistake at once. Pure
// functions.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.h"
#include "coordinator/run_directory.h"

namespace coordinator {

nlohmann::json to_json(const RunState& state);
common::base::Result<RunState> run_state_from(const nlohmann::json& json);

}  // namespace coordinator
