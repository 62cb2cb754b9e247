// Reverts what a journal holds. The same code for a fault that ends, for an agent that starts, for the guardian and for
// a person with `firedrill agent sweep`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/faults/fault.h"
#include "agent/faults/journal.h"

namespace agent::faults {

// Blocks until it is reverted, or for good reason is not: record.state says which, record.proof how or why. Writes
// every step down; a journal that cannot be written is logged and keeps nobody from reverting.
void revert(UndoRecord& record, const Journal& journal);  // its kind is found in the table
void revert(UndoRecord& record, const Journal& journal, const FaultKind* kind);

// All that are not reverted, side by side; those that are, and those that it reverted or could not, are returned.
common::base::Result<std::vector<UndoRecord>> sweep(const Journal& journal);

}  // namespace agent::faults
