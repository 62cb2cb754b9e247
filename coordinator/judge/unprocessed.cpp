// unprocessed: acked; apart from audits delivered only within transactions that did not commit, and not skipped.
// Undecided; never lost.
#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

namespace {

struct Processing {
  IntervalSet in_vain;  // delivered within a transaction that did not commit
  IntervalSet well;     // delivered otherwise
};

std::vector<Processing> processing(const View& view) {
  std::vector<Processing> by_source(view.sources.size());
  for (const Reader& reader : view.readers) {
    if (reader.audits) continue;
    for (const Delivery& d : reader.deliveries) {
      if (!d.intact || d.source == kForeign) continue;
      const bool in_vain = d.within_end == TransactionEnd::aborted || d.within_end == TransactionEnd::unknown;
      Processing& of_source = by_source[d.source];
      (in_vain ? of_source.in_vain : of_source.well).add(d.sequence, d.sequence + d.count);
    }
  }
  for (Processing& of_source : by_source) {
    of_source.in_vain.settle();
    of_source.well.settle();
  }
  return by_source;
}

std::vector<IntervalSet> skipped_by_anybody(const PartitionCase& c) {
  std::vector<IntervalSet> all(c.view.sources.size());
  for (const auto& by_source : c.skipped_by)
    for (std::size_t s = 0; s < by_source.size(); ++s)
      for (const Interval& interval : by_source[s].intervals()) all[s].add(interval.begin, interval.end);
  for (IntervalSet& set : all) set.settle();
  return all;
}

}  // namespace

void find_unprocessed(PartitionCase& c) {
  bool any = false;
  for (const Reader& reader : c.view.readers) any = any || reader.has_within;
  if (!any) return;
  const std::vector<Processing> by_source = processing(c.view);
  const std::vector<IntervalSet> skipped = skipped_by_anybody(c);
  for (std::size_t s = 0; s < c.view.sources.size(); ++s) {
    const Source& source = c.view.sources[s];
    if (by_source[s].in_vain.empty()) continue;
    for (const Atom& atom : source.atoms) {
      const Piece& piece = source.pieces[atom.piece];
      if (piece.outcome != Outcome::acked || piece.send < 0 || atom.places == 0) continue;
      IntervalSet rest;
      by_source[s].in_vain.cut(atom.sequence, atom.sequence + atom.count,
                               [&](std::int64_t a, std::int64_t b, bool in_vain) {
                                 if (!in_vain) return;
                                 by_source[s].well.cut(a, b, [&](std::int64_t from, std::int64_t to, bool well) {
                                   if (!well) rest.add(from, to);
                                 });
                               });
      const auto accuse = [&](std::int64_t from, std::int64_t to) {
        Record r;
        r.kind = Kind::unprocessed;
        r.severity = Severity::undecided;
        r.where = c.view.where;
        r.producer = source.producer;
        r.target = source.target;
        r.sequence = from;
        r.count = to - from;
        for (std::int32_t i = 0; i < atom.places; ++i)
          r.offsets.push_back(source.place_offsets[atom.place + i] + (from - atom.sequence));
        r.witnesses = {source.send_line(piece),
                       c.witnesses.line(c.view, static_cast<std::int32_t>(s), r.offsets.front())};
        c.run.out.add(std::move(r), {c.view.ack_stamp(c.run.store, source, piece)});
      };
      for (const Interval& interval : rest.intervals()) {
        skipped[s].cut(interval.begin, interval.end, [&](std::int64_t a, std::int64_t b, bool was_skipped) {
          if (!was_skipped) accuse(a, b);
        });
      }
    }
  }
}

}  // namespace coordinator::judge
