// A set of int64 as sorted, disjoint, half-open intervals in one flat vector. Add in any order, then settle(); every
// question asks for a settled set. Not thread-safe; belongs to whoever builds it.
#pragma once

#include <cstdint>
#include <vector>

namespace coordinator::judge {

struct Interval {
  std::int64_t begin = 0;
  std::int64_t end = 0;  // the first beyond
  bool operator==(const Interval&) const = default;
};

inline constexpr std::int64_t kInfinity = INT64_MAX;

class IntervalSet {
 public:
  void add(std::int64_t begin, std::int64_t end);
  void settle();

  bool empty() const { return intervals_.empty(); }
  bool contains(std::int64_t value) const;
  bool covers(std::int64_t begin, std::int64_t end) const;      // all of [begin, end)
  bool intersects(std::int64_t begin, std::int64_t end) const;  // any of it
  const std::vector<Interval>& intervals() const { return intervals_; }

  // The parts of [begin, end) in order, each with whether it lies inside the set: f(begin, end, inside).
  template <typename F>
  void cut(std::int64_t begin, std::int64_t end, F f) const {
    for (std::size_t i = first_ending_after(begin); begin < end; ++i) {
      if (i == intervals_.size() || intervals_[i].begin >= end) {
        f(begin, end, false);
        return;
      }
      if (intervals_[i].begin > begin) f(begin, intervals_[i].begin, false);
      const std::int64_t from = intervals_[i].begin > begin ? intervals_[i].begin : begin;
      const std::int64_t to = intervals_[i].end < end ? intervals_[i].end : end;
      f(from, to, true);
      begin = to;
    }
  }

 private:
  std::size_t first_ending_after(std::int64_t value) const;
  std::vector<Interval> intervals_;
};

}  // namespace coordinator::judge
