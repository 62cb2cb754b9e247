// misrouted: delivered from a partition that is not its target; place and offsets are where it was read. Neither lost
// nor unread. What was never sent to its target is a phantom where it was read. Judged in the case of the target.
#include <algorithm>
#include <map>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

namespace {

constexpr int kMostSteps = 64;  // back from a record to the line that delivered it; a witness may be left out

// What one producer sent here and was read from one other partition.
class Strayed {
 public:
  Strayed(PartitionCase& c, const Partition& read_from, Id producer, const Source* source,
          std::vector<const Stray*> strays)
      : case_(c), read_from_(read_from), producer_(producer), source_(source), strays_(std::move(strays)) {
    std::stable_sort(strays_.begin(), strays_.end(),
                     [](const Stray* a, const Stray* b) { return a->run.sequence < b->run.sequence; });
  }

  void judge() {
    std::vector<LogRun> places;  // each counts once, whoever read it
    for (const Stray* stray : strays_) places.push_back({stray->run.offset, stray->run.count, stray->run.sequence, 0});
    normalize(places);
    for (const LogRun& place : places)
      for (std::int64_t at = place.sequence, end = at + place.count; at < end;) at = judge_part(place, at, end);
  }

 private:
  // Up to where the records from `at` on have one fate.
  std::int64_t judge_part(const LogRun& place, std::int64_t at, std::int64_t end) {
    const Piece* piece = source_ == nullptr ? nullptr : source_->piece_of(at);
    const bool sent = piece != nullptr && piece->send >= 0 && piece->outcome != Outcome::refused;
    const std::int64_t to = std::min(end, piece != nullptr ? piece->end() : next_piece(at));
    if (case_.run.so_far && (source_ == nullptr || source_->is_beyond(at))) return to;
    const bool settled = piece != nullptr && (sent ? piece->answered : piece->outcome == Outcome::refused);
    accuse(sent ? Kind::misrouted : Kind::phantom, place, at, to, settled);
    if (!sent) case_.run.books.phantom += to - at;
    return to;
  }

  std::int64_t next_piece(std::int64_t at) const {
    if (source_ == nullptr) return kInfinity;
    const auto next = std::upper_bound(source_->pieces.begin(), source_->pieces.end(), at,
                                       [](std::int64_t v, const Piece& p) { return v < p.sequence; });
    return next == source_->pieces.end() ? kInfinity : next->sequence;
  }

  void accuse(Kind kind, const LogRun& place, std::int64_t from, std::int64_t to, bool settled) {
    Record r;
    r.kind = kind;
    r.where = read_from_;
    r.producer = producer_;
    r.target = case_.view.where;
    r.sequence = from;
    r.count = to - from;
    r.offsets = {place.offset + (from - place.sequence)};
    Stamp when;
    auto at = std::upper_bound(strays_.begin(), strays_.end(), from,
                               [](std::int64_t v, const Stray* s) { return v < s->run.sequence; });
    for (int step = 0; step < kMostSteps && at != strays_.begin(); ++step) {
      const Stray& stray = **--at;
      if (from >= stray.run.sequence + stray.run.count) continue;
      r.witnesses = {stray.run.line};
      when = case_.run.store.consumer_stamp(stray.consumer, stray.run.at);
      break;
    }
    case_.run.out.add(std::move(r), {when}, settled);
  }

  PartitionCase& case_;
  Partition read_from_;
  Id producer_;
  const Source* source_;
  std::vector<const Stray*> strays_;
};

}  // namespace

void find_misrouted(PartitionCase& c) {
  if (c.view.facts->strays.empty()) return;
  std::map<Id, const Source*> sources;
  for (const Source& source : c.view.sources)
    if (source.here) sources[source.producer] = &source;
  std::map<std::pair<Id, Partition>, std::vector<const Stray*>> strays;
  for (const Stray& stray : c.view.facts->strays) strays[{stray.run.producer, stray.read_from}].push_back(&stray);
  for (auto& [key, of_key] : strays) {
    const auto source = sources.find(key.first);
    Strayed(c, key.second, key.first, source == sources.end() ? nullptr : source->second, std::move(of_key)).judge();
  }
}

}  // namespace coordinator::judge
