#include "coordinator/report/in_flight.h"

#include <algorithm>

namespace coordinator::report {

using common::base::Nanos;

InFlight::InFlight(const std::vector<LeaderChange>& changes) : changes_(changes.size()) {
  for (std::size_t i = 0; i < changes.size(); ++i)
    windows_[changes[i].where].push_back({changes[i].before, changes[i].at, i, 0, {}});
}

void InFlight::step(Partition where, Nanos at, std::int64_t by) {
  const auto entry = windows_.find(where);
  if (entry == windows_.end()) return;
  auto& windows = entry->second;
  // The windows of a partition follow one another, so one search finds the only two that a step can concern.
  const auto after = std::lower_bound(windows.begin(), windows.end(), at,
                                      [](const Window& window, Nanos moment) { return window.begin < moment; });
  if (after != windows.end()) after->before += by;
  if (after != windows.begin() && at <= std::prev(after)->end) std::prev(after)->steps.emplace_back(at, by);
}

void InFlight::sent(Id producer, Partition where, Nanos at, std::int64_t count) {
  if (!windows_.contains(where)) return;
  Pending& pending = pending_[{producer, where}];
  step(where, at, pending.count);
  pending.count = count;
}

void InFlight::ended(Partition where, Nanos at, std::int64_t count) {
  step(where, at, -count);
}

std::vector<std::int64_t> InFlight::most() const {
  std::vector<std::int64_t> most(changes_, 0);
  for (const auto& [where, windows] : windows_) {
    std::int64_t level = 0;
    for (const Window& window : windows) {
      level += window.before;
      std::int64_t now = level;
      std::int64_t highest = now;
      auto steps = window.steps;
      std::sort(steps.begin(), steps.end());  // at one moment, ends come first: a lower bound
      for (const auto& [at, by] : steps) {
        now += by;
        highest = std::max(highest, now);
      }
      most[window.change] = std::max<std::int64_t>(0, highest);
    }
  }
  return most;
}

}  // namespace coordinator::report
