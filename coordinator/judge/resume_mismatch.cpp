// resume-mismatch: an ownership of a group's member with an `assign` line, no seek before its first delivery, starts
// beyond every offset at which it may resume: any commit of the group not failed (unless clock-safely asked later, or
// in a later line of the same consumer), the end of what was delivered within a transaction that was not aborted, the
// log end with reset latest (unless a commit was surely confirmed before), the log start (the lowest that a sample or
// audit tells, else 0). Messages: the known records jumped over; where none is known, nothing was.
#include <algorithm>

#include "coordinator/judge/groups.h"

namespace coordinator::judge {

namespace {

std::int64_t highest_resume(const PartitionCase& c, const Group& group, const Ownership& own, std::int64_t& witness) {
  std::int64_t highest = c.view.lowest_log_start;
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    const Reader& member = *group.members[i];
    for (const Milestones* milestones : {&group.histories[i].resumable, &group.histories[i].processed}) {
      const Milestones::One best = &member == &reader_of(c.view, own)
                                       ? milestones->up_to_line(own.begin_line)
                                       : milestones->not_after(c.run.store.clocks, own.begin, member.clock);
      if (best.offset <= highest) continue;
      highest = best.offset;
      witness = best.witness;
    }
  }
  return highest;
}

void judge(PartitionCase& c, const Group& group, const Ownership& own) {
  const Reader& reader = reader_of(c.view, own);
  const std::int64_t start = own.given != kNoOffset ? own.given : own.first_delivery;
  if (!own.assigned || own.sought_first || start == kNoOffset || group.in_doubles(&own)) return;
  if (start <= c.view.lowest_log_start) return;
  if (reader.latest && surely_committed(c, group, own) == kNoOffset) return;
  std::int64_t witness = 0;
  const std::int64_t resume = highest_resume(c, group, own, witness);
  if (start <= resume) return;
  auto known =
      std::partition_point(c.known.begin(), c.known.end(), [&](const KnownRun& k) { return k.run.end() <= resume; });
  for (; known != c.known.end() && known->run.offset < start; ++known) {
    const std::int64_t from = std::max(resume, known->run.offset), to = std::min(start, known->run.end());
    const Source& source = c.source(known->run.source);
    Record r;
    r.kind = Kind::resume_mismatch;
    r.where = c.view.where;
    r.consumer = reader.consumer;
    r.producer = source.producer;
    r.target = source.target;
    r.sequence = known->run.sequence + (from - known->run.offset);
    r.count = to - from;
    r.offsets = {from};
    r.witnesses = {own.begin_line, witness};
    c.run.out.add(std::move(r), {own.begin});
  }
}

}  // namespace

void find_resume_mismatch(PartitionCase& c, const Group& group) {
  for (const Ownership* own : group.ownerships) judge(c, group, *own);
}

}  // namespace coordinator::judge
