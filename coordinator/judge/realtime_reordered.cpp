// realtime-reordered: acked (acks 1 or all) clock-safely before the other, of another producer, was sent, yet at the
// higher offset; neither in a transaction; if one may be lost, by the one-reader rule of reordered. Once per too early
// record, with the acked one of the highest offset.
#include <algorithm>
#include <map>

#include "coordinator/judge/order.h"

namespace coordinator::judge {

namespace {

using workloads::evidence::Acks;

constexpr std::size_t kMostCandidates = 1024;

// Stretches of one producer's records with one send time and one ack time.
struct Timed {
  LogRun run;
  std::int64_t at = kNoTime;
  std::int64_t line = 0;
};

struct Side {
  std::vector<Timed> acked, sent;
};

// Acked records of one clock by time; `best` looks up the highest offset acked before a time by another producer.
struct AckedOnClock {
  std::vector<Timed> runs;
  struct Best {
    std::size_t first = SIZE_MAX, second = SIZE_MAX;  // the highest; the highest of another source
  };
  std::vector<Best> prefix;

  void settle() {
    std::sort(runs.begin(), runs.end(),
              [](const Timed& a, const Timed& b) { return a.at != b.at ? a.at < b.at : a.run.offset < b.run.offset; });
    Best best;
    const auto higher = [this](std::size_t a, std::size_t b) {
      return b == SIZE_MAX || runs[a].run.end() > runs[b].run.end();
    };
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (best.first == SIZE_MAX || runs[i].run.source == runs[best.first].run.source) {
        if (higher(i, best.first)) best.first = i;
      } else if (higher(i, best.first)) {
        best.second = best.first;
        best.first = i;
      } else if (higher(i, best.second)) {
        best.second = i;
      }
      prefix.push_back(best);
    }
  }
};

void collect(const PartitionCase& c, std::int32_t index, std::vector<Timed>& acked, std::vector<Timed>& sent) {
  const Source& source = c.source(index);
  const auto* info = c.run.store.producer(source.producer);
  if (info == nullptr || info->host == kNoId) return;  // compares only with itself
  for (const LogRun& run : lowest_offsets(c.view, index)) {
    std::int64_t at = run.sequence;
    const std::int64_t end = run.sequence + run.count;
    for (const Piece* piece = source.piece_of(at); at < end; ++piece) {
      const std::int64_t to = std::min(end, piece->end());
      const LogRun part{run.offset + (at - run.sequence), to - at, at, index};
      at = to;
      if (piece->transaction >= 0) continue;
      const SendRun& send = source.sends[piece->send];
      if (send.at != kNoTime) sent.push_back({part, send.at, send.line});
      if (piece->outcome != Outcome::acked || piece->ack < 0 || info->acks == Acks::zero) continue;
      const AckRun& ack = source.acks[piece->ack];
      if (ack.at != kNoTime) acked.push_back({part, ack.at, ack.line});
    }
  }
}

class RealtimeOrder {
 public:
  explicit RealtimeOrder(PartitionCase& c) : case_(c) {
    for (std::size_t s = 0; s < c.view.sources.size(); ++s) {
      if (!c.view.sources[s].here) continue;
      std::vector<Timed> acked;
      collect(c, static_cast<std::int32_t>(s), acked, sent_);
      if (acked.empty()) continue;
      auto& on_clock = acked_[clock_of(static_cast<std::int32_t>(s))].runs;
      on_clock.insert(on_clock.end(), acked.begin(), acked.end());
    }
    for (auto& [clock, acked] : acked_) acked.settle();
  }

  void judge() {
    for (const Timed& sent : sent_) {
      std::int64_t built = 0;  // findings, of this one
      for (std::int64_t i = 0; i < sent.run.count;)
        if (!judge_records(sent, i, built)) break;  // the later ones stand higher
    }
  }

 private:
  std::uint64_t clock_of(std::int32_t source) const {
    return case_.run.store.producer_stamp(case_.source(source).producer, 0).clock;
  }

  // Between two borders nothing changes: what stands higher, and which deliveries handed a record over.
  std::int64_t border_beyond(std::int64_t offset) {
    if (borders_.empty()) {
      for (const auto& [clock, acked] : acked_)
        for (const Timed& one : acked.runs) borders_.push_back(one.run.end() - 1);
      for (const Reader& reader : case_.view.readers)
        for (const Delivery& d : reader.deliveries) borders_.insert(borders_.end(), {d.offset, d.end()});
      std::sort(borders_.begin(), borders_.end());
    }
    const auto found = std::upper_bound(borders_.begin(), borders_.end(), offset);
    return found == borders_.end() ? kInfinity : *found;
  }

  // Those from `i` on that have one fate; moves `i` beyond them. False: no record stands higher.
  bool judge_records(const Timed& sent, std::int64_t& i, std::int64_t& built) {
    const LogRun early{sent.run.offset + i, 1, sent.run.sequence + i, sent.run.source};
    const Stamp sent_at{clock_of(sent.run.source), sent.at};
    bool possible = false;
    const Timed* worst = nullptr;
    for (const auto& [clock, acked] : acked_) {
      const std::size_t before = acked_before(clock, acked, sent_at);
      if (before == 0) continue;
      const auto& best = acked.prefix[before - 1];
      const std::size_t pick =
          best.first != SIZE_MAX && acked.runs[best.first].run.source == early.source ? best.second : best.first;
      if (pick == SIZE_MAX || acked.runs[pick].run.end() - 1 <= early.offset) continue;
      possible = true;
      const Timed* candidate = &acked.runs[pick];
      if (may_be_lost(early, candidate->run) && !one_reader_saw(case_, early, last_of(candidate->run)))
        candidate = seen_best(acked, before, early);
      if (candidate != nullptr && (worst == nullptr || candidate->run.end() > worst->run.end())) worst = candidate;
    }
    if (!possible) return false;
    const std::int64_t to = std::min(sent.run.count, border_beyond(early.offset) - sent.run.offset);
    if (worst == nullptr) {
      i = to;
      return true;
    }
    for (; i < to && built < kMostFindings; ++i, ++built)
      accuse({sent.run.offset + i, 1, sent.run.sequence + i, sent.run.source}, sent, *worst);
    if (i < to)
      case_.run.out.leave_out({Kind::realtime_reordered, Severity::violation, to - i, Count(to - i).times(2)}, false);
    i = to;
    return true;
  }

  static LogRun last_of(const LogRun& run) { return {run.end() - 1, 1, run.sequence + run.count - 1, run.source}; }

  bool may_be_lost(const LogRun& a, const LogRun& b) const {
    return case_.source(a.source).may_be_lost || case_.source(b.source).may_be_lost;
  }

  // The slow way, where somebody must have seen both: the highest record acked before that one reader was also handed.
  const Timed* seen_best(const AckedOnClock& acked, std::size_t before, const LogRun& early) {
    const Timed* best = nullptr;
    const std::size_t first = before > kMostCandidates ? before - kMostCandidates : 0;  // the latest ones
    for (std::size_t i = first; i < before; ++i) {
      const Timed& candidate = acked.runs[i];
      if (candidate.run.source == early.source || candidate.run.end() - 1 <= early.offset) continue;
      if (best != nullptr && candidate.run.end() <= best->run.end()) continue;
      if (may_be_lost(early, candidate.run) && !one_reader_saw(case_, early, last_of(candidate.run))) continue;
      best = &candidate;
    }
    return best;
  }

  // How many of the clock's acks came surely before.
  std::size_t acked_before(std::uint64_t clock, const AckedOnClock& acked, const Stamp& sent) const {
    const auto end = std::partition_point(acked.runs.begin(), acked.runs.end(), [&](const Timed& run) {
      return case_.run.store.clocks.before({clock, run.at}, sent);
    });
    return static_cast<std::size_t>(end - acked.runs.begin());
  }

  void accuse(const LogRun& early, const Timed& sent, const Timed& acked) {
    const LogRun later = last_of(acked.run);
    Finding finding;
    finding.kind = Kind::realtime_reordered;
    finding.where = case_.view.where;
    finding.messages = {{case_.source(later.source).producer, later.sequence, 1},
                        {case_.source(early.source).producer, early.sequence, 1}};
    if (early.offset + 1 == later.offset) {
      finding.offsets = {{early.offset, 2}};
    } else {
      finding.offsets = {{early.offset, 1}, {later.offset, 1}};
    }
    finding.witnesses = {acked.line, sent.line};
    case_.run.out.add(std::move(finding), {Stamp{clock_of(sent.run.source), sent.at}});
  }

  PartitionCase& case_;
  std::map<std::uint64_t, AckedOnClock> acked_;
  std::vector<Timed> sent_;
  std::vector<std::int64_t> borders_;  // ascending; found when first asked for
};

}  // namespace

void find_realtime_reordered(PartitionCase& c) {
  RealtimeOrder(c).judge();
}

}  // namespace coordinator::judge
