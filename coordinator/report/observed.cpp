#include "coordinator/report/observed.h"

#include <algorithm>

namespace coordinator::report {

using common::base::Nanos;

void Observed::told(Nanos at) {
  if (spans_.empty() || at > spans_.back().second + kLongestUntold || at < spans_.back().first - kLongestUntold) {
    spans_.emplace_back(at, at);
    return;
  }
  Span& last = spans_.back();
  last = {std::min(last.first, at), std::max(last.second, at)};
}

std::vector<Observed::Span> Observed::spans() const {
  std::vector<Span> told = spans_;
  std::sort(told.begin(), told.end());
  std::vector<Span> joined;
  for (const Span& span : told) {
    if (joined.empty() || span.first > joined.back().second + kLongestUntold)
      joined.push_back(span);
    else
      joined.back().second = std::max(joined.back().second, span.second);
  }
  return joined;
}

bool Observed::throughout(Nanos begin, Nanos end) const {
  const auto all = spans();
  return std::any_of(all.begin(), all.end(), [&](const Span& span) {
    // A run ends, and begins, a little before or after somebody was told last, or first.
    return begin <= span.second && end >= span.first && begin >= span.first - kLongestUntold &&
           end <= span.second + kLongestUntold;
  });
}

}  // namespace coordinator::report
