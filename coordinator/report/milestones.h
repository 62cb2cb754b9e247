// What became of each partition after a fault: the moments between "it was hit" and "all is as before". Pure.
#pragma once

#include <vector>

#include "coordinator/report/measurements.h"
#include "coordinator/report/timeline.h"

namespace coordinator::report {

// Longest and total silence of those `stalls` that overlap [begin, end] by more than kShortestStall, or lie within it.
Unavailability unavailability(const std::vector<Stall>& stalls, common::base::Nanos begin, common::base::Nanos end);

// Fills fault.partitions (moments of producers, consumers, leaders and ISR), fault.producers and fault.consumers.
void fill_milestones(const Timeline& timeline, const std::vector<Stall>& producer_stalls,
                     const std::vector<Stall>& consumer_stalls, FaultMeasured& fault);

}  // namespace coordinator::report
