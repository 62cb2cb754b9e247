// Before a fault: would it push the cluster beyond what it survives? In Kafka's terms: a partition that would fall
// below its min.insync.replicas, or one whose ISR is not whole already. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "common/base/result.h"
#include "coordinator/observation.h"

namespace coordinator {

struct BlastRadius {
  std::int64_t node = -1;                                   // about to be broken
  std::set<std::int64_t> broken;                            // by faults that are active now
  std::map<std::string, std::int64_t> min_insync_replicas;  // by topic
};

// An Error (conflict) names the first partition that would not survive it.
common::base::Result<void> check_blast_radius(const BlastRadius& planned, const Observation& seen);

}  // namespace coordinator
