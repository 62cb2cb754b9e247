// What a fault writes into its evidence, live or by a later agent.
#pragma once

#include <string>

#include "agent/faults/fault_run.h"
#include "workloads/evidence/segment_writer.h"

namespace agent {

void add_happening(workloads::evidence::SegmentWriter& writer, const faults::UndoRecord& record,
                   const std::string& host, const faults::FaultHappening& happening);

}  // namespace agent
