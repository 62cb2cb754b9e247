// report.json, format 1 (docs/report.md). Durations are ns in fields that end in _ns; what was not measured is null.
// Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "coordinator/report/report.h"

namespace coordinator::report {

nlohmann::json to_json(const Report& report);

}  // namespace coordinator::report
