// What is told of one fault and partition: each moment (since the injection) and each time between two of them by name,
// or why it is not known. docs/report.md defines the terms. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "coordinator/report/measurements.h"

namespace coordinator::report {

struct Told {
  const char* name;      // as in report.json
  Moment value;          // ns
  std::string_view why;  // it is not known; meaningless if it is
};

std::vector<Told> told_of(const PartitionMilestones& partition, const FaultMeasured& fault);

}  // namespace coordinator::report
