// How far one member of a group is known to have come, and since when: its commits, and the ends of what it was
// delivered within transactions. Indexed by line and by time, so that each of very many ownerships finds where it may
// resume without walking all of them.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/judge/clocks.h"
#include "coordinator/judge/view.h"

namespace coordinator::judge {

// Offsets with the line and the time at which each was reached; asked for the highest one. settle() before asking.
class Milestones {
 public:
  struct One {
    std::int64_t offset = kNoOffset;
    std::int64_t line = 0, at = kNoTime;
    std::int64_t witness = 0;  // line
  };
  void add(const One& one) { by_line_.push_back(one); }
  void settle();

  // offset kNoOffset: none.
  One up_to_line(std::int64_t line) const;
  One not_after(const Clocks& clocks, const Stamp& when, std::uint64_t clock) const;  // those without a time, too
  One surely_before(const Clocks& clocks, const Stamp& when, std::uint64_t clock) const;

 private:
  std::vector<One> by_line_, by_time_;            // by_time_ without those that tell none
  std::vector<One> best_by_line_, best_by_time_;  // of each prefix
  One best_untimed_;
};

struct GroupHistory {
  explicit GroupHistory(const Reader& reader);
  Milestones confirmed;  // commits, by their answer
  Milestones resumable;  // commits that did not fail, by their asking
  Milestones processed;  // ends of deliveries within transactions that were not aborted
};

}  // namespace coordinator::judge
