// The table of events of a history: what each line holds. Used by HistoryReader only.
#pragma once

#include "workloads/evidence/event.h"
#include "workloads/evidence/history_reader_line.h"
#include "workloads/evidence/names.h"

namespace workloads::evidence {

// If it is wrong, line.mistake() says so and the event is meaningless.
Event read_event(HistoryLine& line, Names& names);

}  // namespace workloads::evidence
