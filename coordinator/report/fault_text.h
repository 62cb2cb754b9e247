// One fault in a few lines: what was hit, how it was felt, the milestones after it, who was silent for how long. Pure.
#pragma once

#include <string>
#include <vector>

#include "coordinator/report/report.h"

namespace coordinator::report {

// `all`: a line for every partition that felt it.
std::vector<std::string> fault_lines(const FaultMeasured& fault, const Report& report, bool all);

}  // namespace coordinator::report
