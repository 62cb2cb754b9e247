#include "coordinator/judge/interval_set.h"

#include <algorithm>

namespace coordinator::judge {

void IntervalSet::add(std::int64_t begin, std::int64_t end) {
  if (begin >= end) return;
  if (!intervals_.empty() && intervals_.back().begin <= begin && begin <= intervals_.back().end) {
    intervals_.back().end = std::max(intervals_.back().end, end);  // what comes in order never grows the vector
    return;
  }
  intervals_.push_back({begin, end});
}

void IntervalSet::settle() {
  const auto by_begin = [](const Interval& a, const Interval& b) { return a.begin < b.begin; };
  if (!std::is_sorted(intervals_.begin(), intervals_.end(), by_begin))
    std::sort(intervals_.begin(), intervals_.end(), by_begin);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < intervals_.size(); ++i) {
    if (kept > 0 && intervals_[i].begin <= intervals_[kept - 1].end) {
      intervals_[kept - 1].end = std::max(intervals_[kept - 1].end, intervals_[i].end);
    } else {
      intervals_[kept++] = intervals_[i];
    }
  }
  intervals_.resize(kept);
}

std::size_t IntervalSet::first_ending_after(std::int64_t value) const {
  const auto found = std::upper_bound(intervals_.begin(), intervals_.end(), value,
                                      [](std::int64_t v, const Interval& interval) { return v < interval.end; });
  return static_cast<std::size_t>(found - intervals_.begin());
}

bool IntervalSet::contains(std::int64_t value) const {
  const std::size_t i = first_ending_after(value);
  return i < intervals_.size() && intervals_[i].begin <= value;
}

bool IntervalSet::covers(std::int64_t begin, std::int64_t end) const {
  if (begin >= end) return true;
  const std::size_t i = first_ending_after(begin);
  return i < intervals_.size() && intervals_[i].begin <= begin && end <= intervals_[i].end;
}

bool IntervalSet::intersects(std::int64_t begin, std::int64_t end) const {
  if (begin >= end) return false;
  const std::size_t i = first_ending_after(begin);
  return i < intervals_.size() && intervals_[i].begin < end;
}

}  // namespace coordinator::judge
