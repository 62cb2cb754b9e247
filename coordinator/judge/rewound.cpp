// rewound: a delivery at or below the offset delivered directly before, in one ownership, without seek, not owed. Once
// per step back, with the id at which it arrived. Same offset, other id: offset-conflict instead. A step back over
// offsets that are gone or in conflict is not rewound: the reader found the truncation. Phantoms and broken records
// take no part.
#include <algorithm>

#include "coordinator/judge/owed.h"

namespace coordinator::judge {

namespace {

class Steps {
 public:
  Steps(PartitionCase& c, const Reader& reader) : case_(c), reader_(reader), owed_(c.run.store, reader) {}

  void run() {
    for (const Delivery& d : reader_.deliveries) {
      const bool sought = next_seek_ < reader_.seeks.size() && reader_.seeks[next_seek_].line < d.line;
      while (next_seek_ < reader_.seeks.size() && reader_.seeks[next_seek_].line < d.line) ++next_seek_;
      if (sought || d.ownership != ownership_) before_ = kNoOffset;
      ownership_ = d.ownership;
      if (!d.intact) continue;
      each_part(d, [&](std::int64_t from, std::int64_t end) {
        if (before_ != kNoOffset && from <= before_) judge(d, from);
        before_ = end - 1;
      });
      if (reader_.has_within) owed_.delivered(d);
    }
  }

 private:
  // Phantoms take no part, so a delivery counts in the parts between them: f(first offset, end).
  template <typename F>
  void each_part(const Delivery& d, F f) const {
    if (d.source == kForeign || !case_.source(d.source).here) return f(d.offset, d.end());
    const Source& source = case_.source(d.source);
    const std::int64_t end = d.sequence + d.count, shift = d.offset - d.sequence;
    auto piece = std::upper_bound(source.pieces.begin(), source.pieces.end(), d.sequence,
                                  [](std::int64_t v, const Piece& p) { return v < p.end(); });
    for (; piece != source.pieces.end() && piece->sequence < end; ++piece) {
      if (piece->send < 0 || piece->outcome == Outcome::refused) continue;
      source.early.cut(std::max(d.sequence, piece->sequence), std::min(end, piece->end()),
                       [&](std::int64_t a, std::int64_t b, bool early) {
                         if (!early) f(a + shift, b + shift);
                       });
    }
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
