#include "coordinator/report/windows.h"

#include <algorithm>

namespace coordinator::report {

using common::base::Nanos;

Windows::Windows(const std::vector<std::pair<Nanos, Nanos>>& spans) {
  for (const auto& [begin, end] : spans)
    if (begin < end) borders_.insert(borders_.end(), {begin, end});
  std::sort(borders_.begin(), borders_.end());
  borders_.erase(std::unique(borders_.begin(), borders_.end()), borders_.end());
  within_.resize(borders_.size());
  for (std::size_t i = 0; i < spans.size(); ++i)
    for (std::size_t b = 0; b < borders_.size(); ++b)
      if (borders_[b] >= spans[i].first && borders_[b] < spans[i].second) within_[b].push_back(i);
}

const std::vector<std::size_t>& Windows::at(Nanos moment) const {
  const auto next = std::upper_bound(borders_.begin(), borders_.end(), moment);
  return next == borders_.begin() ? none_ : within_[static_cast<std::size_t>(next - borders_.begin()) - 1];
}

}  // namespace coordinator::report
