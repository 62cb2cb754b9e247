#include "coordinator/report/series.h"

#include <algorithm>
#include <array>

namespace coordinator::report {

using common::base::kSecond;
using common::base::Nanos;

namespace {

constexpr Nanos kMostPoints = 1'000;
// Lengths that people read easily; beyond the last whole hours.
constexpr std::array<Nanos, 8> kSteps{1, 2, 5, 10, 30, 60, 300, 900};

Nanos step_for(Nanos length) {
  for (const Nanos seconds : kSteps)
    if (length < seconds * kSecond * kMostPoints) return seconds * kSecond;
  constexpr Nanos kHour = 3'600 * kSecond;
  return (length / (kHour * kMostPoints) + 1) * kHour;
}

}  // namespace

SeriesRecorder::SeriesRecorder(Nanos begin, Nanos end) {
  series_.begin = begin;
  series_.step = step_for(end - begin);
  series_.points.resize(static_cast<std::size_t>((end - begin) / series_.step + 1));
}

SeriesPoint& SeriesRecorder::at(Nanos moment) {
  const auto index = static_cast<std::size_t>(std::max<Nanos>(0, moment - series_.begin) / series_.step);
  return series_.points[std::min(index, series_.points.size() - 1)];
}

void SeriesRecorder::retries(workloads::evidence::Id client, Nanos moment, std::int64_t so_far) {
  std::int64_t& before = retries_[client];
  SeriesPoint& point = at(moment);
  point.retries = point.retries.value_or(0) + std::max<std::int64_t>(0, so_far - before);
  before = std::max(before, so_far);
}

}  // namespace coordinator::report
