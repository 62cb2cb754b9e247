// The order in which the log holds the ids of one source: each with its lowest known offset, without what is gone or
// was never sent. An ack tells an offset unless the record may be lost or the ack was proved wrong. Used by the checks
// of order.
#pragma once

#include <vector>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

// By sequence; `source` of each run is `index`.
std::vector<LogRun> lowest_offsets(const View& view, std::int32_t index);

// Whether one reader was delivered `lower` and then `higher` (at these offsets), in one ownership, without a seek or a
// step back between: what may be lost is out of order only if somebody saw it so.
bool one_reader_saw(PartitionCase& c, const LogRun& lower, const LogRun& higher);

}  // namespace coordinator::judge
