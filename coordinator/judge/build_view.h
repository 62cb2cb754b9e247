// Unpacks one partition into a View: ledgers, readers, logs, audits. The atoms are added by build_atoms (logs.h).
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

// `source_of_producer`: scratch, one entry per name, all -1 before and after.
View build_view(RunCase& run, const PartitionFacts& facts, std::vector<std::int32_t>& source_of_producer,
                std::vector<Imbalance>& imbalances);

}  // namespace coordinator::judge
