// rewound: a delivery at or below the offset delivered directly before, in one ownership, without seek, not owed. Once per
// step back, with the id at which it arrived. Same offset, other id: offset-conflict instead. A step back over offsets
// that are gone or in conflict is not rewound: the reader found the truncation. Nobody is rewound to a broken record.
#include "coordinator/judge/owed.h"

namespace coordinator::judge {

namespace {

class Steps {
 public:
  Steps(PartitionCase& c, const Reader& reader) : case_(c), reader_(reader) {}

  void run() {
    for (const Delivery& d : reader_.deliveries) {
      const bool sought = next_seek_ < reader_.seeks.size() && reader_.seeks[next_seek_].line < d.line;
      while (next_seek_ < reader_.seeks.size() && reader_.seeks[next_seek_].line < d.line) ++next_seek_;
      if (sought || d.ownership != ownership_) before_ = kNoOffset;
      ownership_ = d.ownership;
      if (d.intact && before_ != kNoOffset && d.offset <= before_) judge(d);
      before_ = d.end() - 1;
      if (d.intact && reader_.has_within) owed_.delivered(d);
    }
  }

 private:
  void judge(const Delivery& d) {
    const View& view = case_.view;
    if (view.gone.intersects(d.offset, before_ + 1) || view.conflicts.intersects(d.offset, before_ + 1)) return;
    if (reader_.has_within && owed_.at(d)) return;
    Finding finding;
    finding.kind = Kind::rewound;
    finding.where = view.where;
    finding.consumer = reader_.consumer;
    if (d.source != kForeign) finding.messages = {{view.sources[d.source].producer, d.sequence, 1}};
    finding.offsets = {{d.offset, 1}};
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
