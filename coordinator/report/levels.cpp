#include "coordinator/report/levels.h"

#include <algorithm>

namespace coordinator::report {

using common::base::Nanos;

namespace {

constexpr Nanos kMostSlices = 20'000;

}  // namespace

Observed Levels::told() const {
  Observed observed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].told()) continue;
    const Nanos at = begin + static_cast<Nanos>(i) * slice;
    observed.told(at);
    observed.told(at + slice - 1);
  }
  return observed;
}

LevelRecorder::LevelRecorder(Nanos begin, Nanos end) {
  levels_.begin = begin;
  levels_.slice = std::max(levels_.slice, (end - begin) / kMostSlices + 1);
  levels_.all.resize(static_cast<std::size_t>((end - begin) / levels_.slice + 1));
}

// A slice begins with the value that it had before.
void LevelRecorder::carry_to(std::size_t index) {
  for (; next_ <= index && next_ < levels_.all.size(); ++next_) levels_.all[next_] = {value_, value_, -1, -1};
}

void LevelRecorder::tell(Nanos at, std::int64_t value) {
  const auto told = static_cast<std::size_t>(std::max<Nanos>(0, at - levels_.begin) / levels_.slice);
  const std::size_t index = std::min(std::max(told, next_ == 0 ? 0 : next_ - 1), levels_.all.size() - 1);
  carry_to(index);
  Level& level = levels_.all[index];
  level.low = level.low < 0 ? value : std::min(level.low, value);
  level.high = std::max(level.high, value);
  level.told_low = level.told() ? std::min(level.told_low, value) : value;
  level.told_high = std::max(level.told_high, value);
  value_ = value;
}

Levels LevelRecorder::take() {
  carry_to(levels_.all.size() - 1);
  return std::move(levels_);
}

std::int64_t Largest::replace(std::int64_t before, std::int64_t value) {
  if (const auto old = count_of_.find(before); before >= 0 && old != count_of_.end() && --old->second == 0)
    count_of_.erase(old);
  ++count_of_[value];
  return count_of_.rbegin()->first;
}

}  // namespace coordinator::report
