// When something was watched: the spans of time in which it was told again and again. What nobody watched did not
// happen "not at all"; it is not known. Pure; one thread.
#pragma once

#include <utility>
#include <vector>

#include "common/base/clock.h"

namespace coordinator::report {

// The observer tells all of the cluster at least once a second, whatever becomes of it, while any broker answers.
inline constexpr common::base::Nanos kLongestUntold = 5 * common::base::kSecond;

class Observed {
 public:
  using Span = std::pair<common::base::Nanos, common::base::Nanos>;

  void told(common::base::Nanos at);
  // In that time it was never untold for longer than kLongestUntold.
  bool throughout(common::base::Nanos begin, common::base::Nanos end) const;
  std::vector<Span> spans() const;  // in order, further apart than kLongestUntold

 private:
  std::vector<Span> spans_;  // as they were told: mostly in order
};

}  // namespace coordinator::report
