#include "coordinator/judge/missed.h"

#include <algorithm>
#include <map>

namespace coordinator::judge {

namespace {

// The parts of `run` that `own` (by offset, disjoint but for conflicts) does not hold at the same place.
class Subtraction {
 public:
  explicit Subtraction(const std::vector<LogRun>& own) : own_(own) {}

  template <typename F>
  void rest(const LogRun& run, F f) {
    while (next_ < own_.size() && own_[next_].end() <= run.offset &&
           (next_ + 1 == own_.size() || own_[next_ + 1].offset <= run.offset))
      ++next_;
    std::int64_t at = run.offset;
    std::size_t i = next_;
    while (i > 0 && own_[i - 1].end() > run.offset) --i;
    for (; i < own_.size() && own_[i].offset < run.end(); ++i) {
      if (!own_[i].continues(run) || own_[i].end() <= at) continue;
      if (own_[i].offset > at) f(part(run, at, own_[i].offset));
      at = std::max(at, own_[i].end());
    }
    if (at < run.end()) f(part(run, at, run.end()));
  }

  static LogRun part(const LogRun& run, std::int64_t from, std::int64_t to) {
    return {from, to - from, run.sequence + (from - run.offset), run.source};
  }

 private:
  const std::vector<LogRun>& own_;
  std::size_t next_ = 0;
};

}  // namespace

std::vector<LogRun> missed_by(const Reader& reader, const std::vector<KnownRun>& known, const IntervalSet& within) {
  if (within.empty()) return {};
  const std::vector<LogRun> own = log_of(reader);
  std::vector<LogRun> elsewhere;  // not at this place
  Subtraction subtraction(own);
  for (const KnownRun& candidate : known) {
    if (!candidate.delivered) continue;
    within.cut(candidate.run.offset, candidate.run.end(), [&](std::int64_t from, std::int64_t to, bool inside) {
      if (!inside) return;
      subtraction.rest(Subtraction::part(candidate.run, from, to), [&](const LogRun& rest) {
        reader.corrupt.cut(rest.offset, rest.end(), [&](std::int64_t a, std::int64_t b, bool broken) {
          if (!broken) elsewhere.push_back(Subtraction::part(rest, a, b));
        });
      });
    });
  }
  if (elsewhere.empty()) return {};
  std::map<std::int32_t, IntervalSet> handed;
  for (const LogRun& run : own) handed[run.source].add(run.sequence, run.sequence + run.count);
  for (auto& [source, set] : handed) set.settle();
  std::vector<LogRun> missed;
  for (const LogRun& run : elsewhere) {
    handed[run.source].cut(run.sequence, run.sequence + run.count, [&](std::int64_t from, std::int64_t to, bool had) {
      if (!had) missed.push_back({run.offset + (from - run.sequence), to - from, from, run.source});
    });
  }
  return missed;
}

}  // namespace coordinator::judge
