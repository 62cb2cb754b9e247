// vanished: delivered once, not excused (nor perhaps replaced), and an audit whose start is at or below its offset
// lacks it. Not also skipped. What lacks in an audit is gone: it takes no part in checks of order.
#include <algorithm>

#include "coordinator/judge/compaction.h"
#include "coordinator/judge/missed.h"

namespace coordinator::judge {

namespace {

// Everything that was delivered and counts, whether excused or not, by offset.
std::vector<KnownRun> delivered_records(const View& view) {
  std::vector<KnownRun> records;
  for (std::size_t s = 0; s < view.sources.size(); ++s) {
    const Source& source = view.sources[s];
    for (const Atom& atom : source.atoms) {
      const Piece& piece = source.pieces[atom.piece];
      if (piece.send < 0 || piece.outcome == Outcome::refused) continue;
      for (std::int32_t i = 0; i < atom.places; ++i)
        records.push_back(
            {{source.place_offsets[atom.place + i], atom.count, atom.sequence, static_cast<std::int32_t>(s)}, true});
    }
  }
  std::sort(records.begin(), records.end(),
            [](const KnownRun& a, const KnownRun& b) { return a.run.offset < b.run.offset; });
  return records;
}

void accuse(PartitionCase& c, const Reader& auditor, const LogRun& run, const Piece& piece) {
  const Source& source = c.source(run.source);
  Record r;
  r.kind = Kind::vanished;
  r.severity = c.loss(source);
  r.where = c.view.where;
  r.producer = source.producer;
  r.target = source.target;
  r.sequence = run.sequence;
  r.count = run.count;
  r.offsets = {run.offset};
  Stamp when;
  const Reader* by = nullptr;
  if (const Delivery* d = c.witnesses.handed(c.view, run.source, run.offset, by)) {
    r.witnesses.push_back(d->line);
    when = by->stamp(*d);
  }
  r.witnesses.push_back(source.ack_line(piece));
  r.witnesses.push_back(auditor.audit_line);
  c.run.out.add(std::move(r), {when});
  c.view.lost.add(run.offset, run.end());
}

void judge(PartitionCase& c, const Reader& auditor, const Compaction& compaction, const LogRun& run) {
  Source& source = c.view.sources[run.source];
  const Piece& piece = *source.piece_of(run.sequence);
  source.gone.add(run.sequence, run.sequence + run.count);
  c.view.gone.add(run.offset, run.end());
  if (piece.transaction >= 0 && piece.outcome != Outcome::acked) return;  // an audit does not owe it
  const std::int64_t excused = std::clamp<std::int64_t>(c.view.log_start - run.offset, 0, run.count);
  compaction.each_fate(run.source, piece, run.sequence + excused, run.sequence + run.count, run.offset + excused,
                       [&](std::int64_t from, std::int64_t to, Replaced replaced) {
                         const std::int64_t offset = run.offset + (from - run.sequence);
                         if (replaced == Replaced::no) accuse(c, auditor, {offset, to - from, from, run.source}, piece);
                       });
}

}  // namespace

void find_vanished(PartitionCase& c) {
  if (!c.view.audited) return;
  const Compaction compaction(c.view);
  const std::vector<KnownRun> records = delivered_records(c.view);
  // A record that several audits lack is accused by each and becomes one finding.
  for (const Reader& auditor : c.view.readers) {
    if (!auditor.audits) continue;
    IntervalSet within;
    within.add(auditor.audit_start, kInfinity);
    for (const LogRun& run : missed_by(auditor, records, within)) judge(c, auditor, compaction, run);
  }
  for (Source& source : c.view.sources) source.gone.settle();
  c.view.gone.settle();
}

}  // namespace coordinator::judge
