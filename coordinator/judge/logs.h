// What the log of a partition holds according to its readers: runs by offset, equal ones merged however they were cut,
// so that two runs overlap only where two ids claim one offset. And the atoms of each source: its ids with their
// places.
#pragma once

#include <vector>

#include "coordinator/judge/view.h"

namespace coordinator::judge {

// By offset; merges what continues.
void normalize(std::vector<LogRun>& runs);

// The union of what the readers were handed intact; `committed_only`: of read_committed readers.
std::vector<LogRun> log_of(const std::vector<Reader>& readers, bool committed_only);
// Of one reader.
std::vector<LogRun> log_of(const Reader& reader);

// A run of the log that no piece of its source explains: never sent (piece null) or refused.
struct Unexplained {
  LogRun run;
  const Piece* refused = nullptr;
};

// Fills source.atoms and place_offsets of every source that is here, and `unexplained`. A record of a transaction that
// did not commit counts only where a read_committed reader was handed it.
void build_atoms(View& view, std::vector<Unexplained>& unexplained);

}  // namespace coordinator::judge
