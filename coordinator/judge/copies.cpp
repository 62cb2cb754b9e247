// duplicated: one id at two offsets: by two deliveries, or by an ack at o and a delivery elsewhere, unless that is a
// wrong-ack-offset. Allowed without idempotence.
// wrong-ack-offset: acked at o, delivered elsewhere only; o was passed without it and is not excused, and neither loss
// nor duplication is allowed for the record.
#include <algorithm>

#include "coordinator/judge/compaction.h"
#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

namespace {

class Copies {
 public:
  Copies(PartitionCase& c, std::int32_t index, const Compaction& compaction)
      : case_(c), index_(index), source_(c.view.sources[index]), compaction_(compaction) {}

  void judge(const Atom& atom) {
    const Piece& piece = source_.pieces[atom.piece];
    const std::int64_t* places = source_.place_offsets.data() + atom.place;
    const std::int64_t acked = piece.offset == kNoOffset ? kNoOffset : piece.offset + (atom.sequence - piece.sequence);
    const bool agrees = acked == kNoOffset || std::find(places, places + atom.places, acked) != places + atom.places;
    if (agrees) {
      if (atom.places > 1) duplicated(atom, piece, 0, atom.count, kNoOffset);
      return;
    }
    const bool accuse_ack = !source_.may_be_lost && source_.idempotent;
    case_.view.passed.cut(acked, acked + atom.count, [&](std::int64_t begin, std::int64_t end, bool passed) {
      for (std::int64_t at = begin; at < end;) {
        const std::int64_t to = step(acked, at - acked, end - acked) + acked;
        const bool audited = case_.view.audited && case_.view.audit_start <= at;
        const bool below = at < case_.view.log_start;
        const std::int64_t sequence = atom.sequence - acked;  // of offset 0
        compaction_.each_fate(index_, piece, sequence + at, sequence + to, at,
                              [&](std::int64_t a, std::int64_t b, Replaced replaced) {
                                const std::int64_t from = a - atom.sequence, up_to = b - atom.sequence;
                                const bool excused = below || replaced == Replaced::yes;
                                const bool wrong = accuse_ack && (passed || audited) && !excused;
                                if (wrong) wrong_ack(atom, piece, from, up_to, acked + from);
                                if (!wrong || atom.places > 1)
                                  duplicated(atom, piece, from, up_to, wrong ? kNoOffset : acked + from);
                              });
        at = to;
      }
    });
  }

 private:
  // How far from `from` records lie alike: up to a log start.
  std::int64_t step(std::int64_t acked, std::int64_t from, std::int64_t to) const {
    for (const std::int64_t border : {case_.view.log_start, case_.view.audited ? case_.view.audit_start : 0})
      if (border > acked + from && border < acked + to) to = border - acked;
    return to;
  }

  Record record(Kind kind, const Atom& atom, const Piece& piece, std::int64_t from, std::int64_t to) {
    Record r;
    r.kind = kind;
    r.where = case_.view.where;
    r.producer = source_.producer;
    r.target = source_.target;
    r.sequence = atom.sequence + from;
    r.count = to - from;
    for (std::int32_t i = 0; i < atom.places; ++i) r.offsets.push_back(source_.place_offsets[atom.place + i] + from);
    r.witnesses = {source_.send_line(piece), source_.ack_line(piece)};
    for (std::int32_t i = 0; i < std::min(atom.places, 2); ++i)
      r.witnesses.push_back(case_.witnesses.line(case_.view, index_, source_.place_offsets[atom.place + i] + from));
    return r;
  }

  void duplicated(const Atom& atom, const Piece& piece, std::int64_t from, std::int64_t to, std::int64_t acked) {
    Record r = record(Kind::duplicated, atom, piece, from, to);
    if (!source_.idempotent) r.severity = Severity::allowed;
    if (acked != kNoOffset) r.offsets.push_back(acked);
    std::sort(r.offsets.begin(), r.offsets.end());
    const bool settled = piece.answered && atom.places > 1;
    case_.run.out.add(std::move(r), {case_.view.ack_stamp(case_.run.store, source_, piece)}, settled);
  }

  void wrong_ack(const Atom& atom, const Piece& piece, std::int64_t from, std::int64_t to, std::int64_t acked) {
    Record r = record(Kind::wrong_ack_offset, atom, piece, from, to);
    r.offsets.push_back(acked);
    std::sort(r.offsets.begin(), r.offsets.end());
    source_.wrong_acks.add(r.sequence, r.sequence + r.count);
    case_.run.out.add(std::move(r), {case_.view.ack_stamp(case_.run.store, source_, piece)});
  }

  PartitionCase& case_;
  std::int32_t index_;
  Source& source_;
  const Compaction& compaction_;
};

}  // namespace

void find_copies(PartitionCase& c) {
  const Compaction compaction(c.view);
  for (std::size_t s = 0; s < c.view.sources.size(); ++s) {
    Source& source = c.view.sources[s];
    Copies copies(c, static_cast<std::int32_t>(s), compaction);
    for (const Atom& atom : source.atoms) {
      if (atom.places == 0) continue;
      const Piece& piece = source.pieces[atom.piece];
      if (atom.places == 1 && (piece.offset == kNoOffset ||
                               piece.offset + (atom.sequence - piece.sequence) == source.place_offsets[atom.place]))
        continue;
      if (piece.send < 0 || piece.outcome == Outcome::refused) continue;
      copies.judge(atom);
    }
    source.wrong_acks.settle();
  }
}

}  // namespace coordinator::judge
