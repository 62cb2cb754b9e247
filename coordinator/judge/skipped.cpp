// skipped: passed by a reader that itself was never delivered it, though it was delivered to another one or found by an
// audit; or owed (delivered within a transaction that aborted), and in the same ownership something beyond it was
// delivered without coming back. Per reader and stretch. Not across a revoke; not what vanished, is excused, may have
// been replaced, or stands where two ids claim one offset or where the reader was also handed something broken. An
// audit that lacks a record is not a reader that skips it.
#include <algorithm>

#include "coordinator/judge/missed.h"
#include "coordinator/judge/owed.h"

namespace coordinator::judge {

namespace {

void accuse(PartitionCase& c, std::size_t index, const LogRun& run, std::vector<IntervalSet>& skipped) {
  const Reader& reader = c.view.readers[index];
  const Source& source = c.source(run.source);
  Record r;
  r.kind = Kind::skipped;
  r.where = c.view.where;
  r.consumer = reader.consumer;
  r.producer = source.producer;
  r.target = source.target;
  r.sequence = run.sequence;
  r.count = run.count;
  r.offsets = {run.offset};
  Stamp when;
  if (const Delivery* beyond = c.witnesses.beyond(c.view, index, run.offset)) {
    r.witnesses.push_back(beyond->line);
    when = reader.stamp(*beyond);
  }
  if (const Piece* piece = source.piece_of(run.sequence)) r.witnesses.push_back(source.ack_line(*piece));
  skipped[run.source].add(run.sequence, run.sequence + run.count);
  c.run.out.add(std::move(r), {when});
}

}  // namespace

void find_skipped(PartitionCase& c) {
  c.skipped_by.resize(c.view.readers.size());
  for (std::size_t i = 0; i < c.view.readers.size(); ++i) {
    const Reader& reader = c.view.readers[i];
    std::vector<LogRun> runs;
    if (!reader.audits) runs = missed_by(reader, c.known, reader.passed);
    if (reader.has_within) {
      for (const LogRun& run : owed_and_left(c.run.store, reader, c.known))
        reader.corrupt.cut(run.offset, run.end(), [&](std::int64_t from, std::int64_t to, bool broken) {
          if (!broken) runs.push_back({from, to - from, run.sequence + (from - run.offset), run.source});
        });
    }
    if (runs.empty()) continue;
    std::vector<IntervalSet>& skipped = c.skipped_by[i];
    skipped.resize(c.view.sources.size());
    for (const LogRun& run : runs) accuse(c, i, run, skipped);
    for (IntervalSet& set : skipped) set.settle();
  }
}

}  // namespace coordinator::judge
