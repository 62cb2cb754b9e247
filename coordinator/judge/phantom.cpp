// phantom: delivered, but never sent, or refused, or clock-safely delivered before it was sent. Takes part in no check
// of order; if its message was sent, its delivery counts all the same.
#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

namespace {

struct Seen {
  std::int64_t line = 0;
  Stamp when;
};

Seen seen(PartitionCase& c, const LogRun& run) {
  const Reader* by = nullptr;
  const Delivery* d = c.witnesses.handed(c.view, run.source, run.offset, by);
  return d == nullptr ? Seen{} : Seen{d->line, by->stamp(*d)};
}

void accuse(PartitionCase& c, const LogRun& run, const Seen& how, std::int64_t other_line, bool settled) {
  const Source& source = c.source(run.source);
  Record r;
  r.kind = Kind::phantom;
  r.where = c.view.where;
  r.producer = source.producer;
  r.target = source.target;
  r.sequence = run.sequence;
  r.count = run.count;
  r.offsets = {run.offset};
  r.witnesses = {how.line, other_line};
  c.run.out.add(std::move(r), {how.when}, settled);
}

// Clock-safely delivered before it was sent.
struct Early {
  std::vector<LogRun> sure, unsure;  // unsure: the errors of two clocks may yet turn out larger
};

void find_early(PartitionCase& c, Early& found) {
  for (const Reader& reader : c.view.readers) {
    for (const Delivery& d : reader.deliveries) {
      if (!d.intact || d.source == kForeign || d.at == kNoTime || !c.view.sources[d.source].here) continue;
      Source& source = c.view.sources[d.source];
      const Piece* piece = source.piece_of(d.sequence);
      const Piece* last = source.pieces.data() + source.pieces.size();
      if (piece == nullptr) continue;
      for (; piece != last && piece->sequence < d.sequence + d.count; ++piece) {
        if (piece->send < 0 || piece->outcome == Outcome::refused) continue;
        const Stamp sent = c.view.send_stamp(c.run.store, source, *piece);
        if (!c.run.store.clocks.before(reader.stamp(d), sent)) continue;
        const std::int64_t from = std::max(d.sequence, piece->sequence);
        const std::int64_t to = std::min(d.sequence + d.count, piece->end());
        source.early.add(from, to);
        auto& early = c.run.so_far && sent.clock != reader.clock ? found.unsure : found.sure;
        early.push_back({d.offset + (from - d.sequence), to - from, from, d.source});
      }
    }
  }
  for (Source& source : c.view.sources) source.early.settle();
  normalize(found.sure);
  normalize(found.unsure);
}

}  // namespace

void find_phantoms(PartitionCase& c) {
  for (const Unexplained& unexplained : c.unexplained) {
    if (c.run.so_far && c.source(unexplained.run.source).is_beyond(unexplained.run.sequence)) continue;
    accuse(c, unexplained.run, seen(c, unexplained.run), 0, unexplained.refused != nullptr);
    c.run.books.phantom += unexplained.run.count;
  }
  Early early;
  find_early(c, early);
  for (const auto* runs : {&early.sure, &early.unsure}) {
    for (const LogRun& run : *runs) {
      const Source& source = c.source(run.source);
      const Piece* piece = source.piece_of(run.sequence);
      accuse(c, run, seen(c, run), piece == nullptr ? 0 : source.send_line(*piece), runs == &early.sure);
      c.run.books.phantom += run.count;
    }
  }
}

}  // namespace coordinator::judge
