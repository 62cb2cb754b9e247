// The series of a run as report.json holds them: one list per quantity, each with a value for every point.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "coordinator/report/measurements.h"

namespace coordinator::report {

// `zero`: the begin of the run, from which `begin_ns` counts.
nlohmann::json series_json(const Series& series, common::base::Nanos zero);

}  // namespace coordinator::report
