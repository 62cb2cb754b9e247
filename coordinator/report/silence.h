// What became of one partition's acks, or deliveries, because of one fault: which of its silences are the fault's, when
// the last of them ended, and for how long it was silent in all. docs/report.md defines the terms. Pure.
#pragma once

#include <vector>

#include "coordinator/report/measurements.h"

namespace coordinator::report {

inline constexpr common::base::Nanos kShortestStall = 200 * common::base::kMillisecond;

// More than kShortestStall of it (or all of it) lies in [begin, end]. It counts whole: to cut it would make two short
// times of a long one.
bool concerns(const Stall& stall, common::base::Nanos begin, common::base::Nanos end);

// It was felt after the injection and began before the end of the fault.
bool caused(const Stall& stall, const FaultMeasured& fault);

std::vector<Stall> caused(const std::vector<Stall>& stalls, const FaultMeasured& fault);

// Of all who were served by the partition: the last that came back, and the one that was silent most.
Silence silence_of(const std::vector<Stall>& stalls, workloads::evidence::Partition where, const FaultMeasured& fault);

// When the last fault was reverted: `begin` if there was none, nullopt if one never was.
Moment healed(const std::vector<FaultMeasured>& faults, common::base::Nanos begin);

}  // namespace coordinator::report
