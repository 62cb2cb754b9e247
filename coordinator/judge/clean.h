// The short way through a partition in which plainly nothing is wrong, as is nearly every one on a clean day: without
// transactions; everything that was acked stands at its acked offset, in rising order for each producer, and was sent
// before; every reader, in one ownership from the log's begin, was handed just that, in order, intact, without a gap;
// leader epochs never fall, no commit is ahead, no ack on any clock precedes a send of a lower offset. Then no property
// has anything to say but those of samples, and nothing needs to be unpacked and related. What is not plain is judged
// the long way, with the same result.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

// False: nothing was judged. `index_of_producer`: scratch, one entry per name, all -1 before and after.
bool judge_clean(RunCase& run, const PartitionFacts& facts, std::vector<std::int32_t>& index_of_producer);

}  // namespace coordinator::judge
