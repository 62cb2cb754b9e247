// What a reader should have been handed and never was: of the known records that were delivered to somebody, those
// within given offsets that this consumer was handed neither there, nor at another offset, nor broken.
#pragma once

#include <vector>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

std::vector<LogRun> missed_by(const Reader& reader, const std::vector<KnownRun>& known, const IntervalSet& within);

}  // namespace coordinator::judge
