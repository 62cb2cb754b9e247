// rewound: a delivery at or below the offset delivered directly before, in one ownership, without seek, not owed. Once per
// step back, with the id at which it arrived. Same offset, other id: offset-conflict instead. A step back over offsets
// that are gone or in conflict is not rewound: the reader found the truncation. Phantoms and broken records take no part.
#include <algorithm>

#include "coordinator/judge/owed.h"

namespace coordinator::judge {

namespace {

class Steps {
 public:
  Steps(PartitionCase& c, const Reader& reader) : case_(c), reader_(reader) {}

  void run() {
    for (const Delivery& d : reader_.deliveries) {
      if (!d.intact) continue;
      const bool sought = next_seek_ < reader_.seeks.size() && reader_.seeks[next_seek_].line < d.line;
      while (next_seek_ < reader_.seeks.size() && reader_.seeks[next_seek_].line < d.line) ++next_seek_;
      if (sought || d.ownership != ownership_) before_ = kNoOffset;
      ownership_ = d.ownership;
      split(d);
      if (reader_.has_within) owed_.delivered(d);
    }
  }

 private:
  // Phantoms within a run take no part, so a run counts in the parts between them.
  void split(const Delivery& d) {
    if (d.source == kForeign) return step(d, d.offset, d.end());
    const Source& source = case_.view.sources[d.source];
    if (!source.here) return step(d, d.offset, d.end());
    if (const Atom* atom = source.atom_of(d.sequence); atom != nullptr && source.early.empty()) {
      const Piece& piece = source.pieces[atom->piece];
      if (piece.send >= 0 && piece.outcome != Outcome::refused && d.sequence + d.count <= piece.end())
        return step(d, d.offset, d.end());
    }
    std::int64_t at = d.sequence;
    const std::int64_t end = d.sequence + d.count, shift = d.offset - d.sequence;
    while (at < end) {
      const auto piece = std::upper_bound(source.pieces.begin(), source.pieces.end(), at,
                                          [](std::int64_t v, const Piece& p) { return v < p.end(); });
      const bool inside = piece != source.pieces.end() && piece->sequence <= at;
      const std::int64_t to = std::min(end, inside ? piece->end() : piece == source.pieces.end() ? end : piece->sequence);
      if (inside && piece->send >= 0 && piece->outcome != Outcome::refused) {
        source.early.cut(at, to, [&](std::int64_t a, std::int64_t b, bool early) {
          if (!early) step(d, a + shift, b + shift);
        });
      }
      at = to;
    }
  }

  void step(const Delivery& d, std::int64_t from, std::int64_t end) {
    if (before_ != kNoOffset && from <= before_) judge(d, from);
    before_ = end - 1;
  }

  void judge(const Delivery& d, std::int64_t offset) {
    const View& view = case_.view;
    if (view.gone.intersects(offset, before_ + 1) || view.conflicts.intersects(offset, before_ + 1)) return;
    Delivery arrived = d;
    arrived.offset = offset;
    if (reader_.has_within && owed_.at(arrived)) return;
    Finding finding;
    finding.kind = Kind::rewound;
    finding.where = view.where;
    finding.consumer = reader_.consumer;
    if (d.source != kForeign)
      finding.messages = {{view.sources[d.source].producer, d.sequence + (offset - d.offset), 1}};
    finding.offsets = {{offset, 1}};
    finding.witnesses = {d.line};
    case_.run.out.add(std::move(finding), {reader_.stamp(d)});
  }

  PartitionCase& case_;
  const Reader& reader_;
  Owed owed_;
  std::size_t next_seek_ = 0;
  std::int32_t ownership_ = -1;
  std::int64_t before_ = kNoOffset;
};

}  // namespace

void find_rewound(PartitionCase& c) {
  for (const Reader& reader : c.view.readers) Steps(c, reader).run();
}

}  // namespace coordinator::judge
