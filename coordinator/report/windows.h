// Which of many spans of time hold a moment: phases and faults, which overlap. Asked once per event, so by a binary
// search. Pure; a moment belongs to a span from its begin to just before its end.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "common/base/clock.h"

namespace coordinator::report {

class Windows {
 public:
  explicit Windows(const std::vector<std::pair<common::base::Nanos, common::base::Nanos>>& spans);
  const std::vector<std::size_t>& at(common::base::Nanos moment) const;  // indices of the spans

 private:
  std::vector<common::base::Nanos> borders_;
  std::vector<std::vector<std::size_t>> within_;  // from borders_[i] to just before the next
  std::vector<std::size_t> none_;
};

}  // namespace coordinator::report
