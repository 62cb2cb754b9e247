// misrouted: delivered from a partition that is not its target; place and offsets are where it was read. Neither lost
// nor unread. What was never sent to its target is a phantom where it was read. Judged in the case of the target.
#include <map>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

void find_misrouted(PartitionCase& c) {
  // By producer and the partition it was read from, so that every place counts once, whoever read it.
  std::map<std::pair<Id, Partition>, std::vector<LogRun>> places;
  std::map<std::int64_t, const Stray*> lines;
  for (const Stray& stray : c.view.facts->strays) {
    places[{stray.run.producer, stray.read_from}].push_back({stray.run.offset, stray.run.count, stray.run.sequence, 0});
    lines[stray.run.line] = &stray;
  }
  for (auto& [key, runs] : places) {
    normalize(runs);
    const Source* source = nullptr;
    for (const Source& candidate : c.view.sources)
      if (candidate.here && candidate.producer == key.first) source = &candidate;
    const auto accuse = [&, where = key.second, producer = key.first](Kind kind, const LogRun& run, std::int64_t from,
                                                                      std::int64_t to) {
      Record r;
      r.kind = kind;
      r.where = where;
      r.producer = producer;
      r.target = c.view.where;
      r.sequence = from;
      r.count = to - from;
      r.offsets = {run.offset + (from - run.sequence)};
      Stamp when;
      for (const auto& [line, stray] : lines) {
        if (stray->run.producer != producer || stray->read_from != where) continue;
        if (from < stray->run.sequence || from >= stray->run.sequence + stray->run.count) continue;
        r.witnesses = {line};
        when = c.run.store.consumer_stamp(stray->consumer, stray->run.at);
        break;
      }
      c.run.out.add(std::move(r), {when});
    };
    for (const LogRun& run : runs) {
      std::int64_t at = run.sequence;
      const std::int64_t end = run.sequence + run.count;
      while (at < end) {
        const Piece* piece = source == nullptr ? nullptr : source->piece_of(at);
        const bool sent = piece != nullptr && piece->send >= 0 && piece->outcome != Outcome::refused;
        std::int64_t to = end;
        if (piece != nullptr) {
          to = std::min(end, piece->end());
        } else if (source != nullptr) {
          for (const Piece& next : source->pieces) {
            if (next.sequence <= at) continue;
            to = std::min(to, next.sequence);
            break;
          }
        }
        accuse(sent ? Kind::misrouted : Kind::phantom, run, at, to);
        if (!sent) c.run.books.phantom += to - at;
        at = to;
      }
    }
  }
}

}  // namespace coordinator::judge
