#include "coordinator/judge/group_history.h"

#include <algorithm>

namespace coordinator::judge {

namespace {

std::vector<Milestones::One> best_of_prefixes(const std::vector<Milestones::One>& all) {
  std::vector<Milestones::One> best;
  best.reserve(all.size());
  for (const Milestones::One& one : all)
    best.push_back(best.empty() || one.offset > best.back().offset ? one : best.back());
  return best;
}

Milestones::One best_of_first(const std::vector<Milestones::One>& best, std::ptrdiff_t count) {
  return count == 0 ? Milestones::One{} : best[static_cast<std::size_t>(count) - 1];
}

}  // namespace

void Milestones::settle() {
  std::stable_sort(by_line_.begin(), by_line_.end(), [](const One& a, const One& b) { return a.line < b.line; });
  for (const One& one : by_line_) {
    if (one.at != kNoTime) {
      by_time_.push_back(one);
    } else if (one.offset > best_untimed_.offset) {
      best_untimed_ = one;
    }
  }
  std::stable_sort(by_time_.begin(), by_time_.end(), [](const One& a, const One& b) { return a.at < b.at; });
  best_by_line_ = best_of_prefixes(by_line_);
  best_by_time_ = best_of_prefixes(by_time_);
}

Milestones::One Milestones::up_to_line(std::int64_t line) const {
  const auto end =
      std::partition_point(by_line_.begin(), by_line_.end(), [line](const One& one) { return one.line <= line; });
  return best_of_first(best_by_line_, end - by_line_.begin());
}

Milestones::One Milestones::not_after(const Clocks& clocks, const Stamp& when, std::uint64_t clock) const {
  const auto end = std::partition_point(by_time_.begin(), by_time_.end(), [&](const One& one) {
    return !clocks.before(when, {clock, one.at});
  });
  const One best = best_of_first(best_by_time_, end - by_time_.begin());
  return best.offset >= best_untimed_.offset ? best : best_untimed_;
}

Milestones::One Milestones::surely_before(const Clocks& clocks, const Stamp& when, std::uint64_t clock) const {
  const auto end = std::partition_point(by_time_.begin(), by_time_.end(), [&](const One& one) {
    return clocks.before({clock, one.at}, when);
  });
  return best_of_first(best_by_time_, end - by_time_.begin());
}

GroupHistory::GroupHistory(const Reader& reader) {
  for (const CommitFact& commit : reader.commits) {
    if (commit.state == CommitState::confirmed) confirmed.add({commit.offset, commit.line, commit.at, commit.line});
    if (commit.state != CommitState::failed)
      resumable.add({commit.offset, commit.asked_line, commit.asked_at, commit.line});
  }
  if (reader.has_within)
    for (const Delivery& d : reader.deliveries)
      if (d.within_end != TransactionEnd::none && d.within_end != TransactionEnd::aborted)
        processed.add({d.end(), d.line, d.at, 0});
  confirmed.settle();
  resumable.settle();
  processed.settle();
}

}  // namespace coordinator::judge
