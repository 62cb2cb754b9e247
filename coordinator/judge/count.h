// A number of messages. A history may tell of 2^63 - 1 of each producer and partition, so sums of them are wider: exact
// inside, told as at most 2^63 - 1.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>

#include "coordinator/judge/wide.h"

namespace coordinator::judge {

class Count {
 public:
  constexpr Count(std::int64_t value = 0) : value_(value) {}  // NOLINT(google-explicit-constructor): it is a number
  Count& operator+=(Count more) {
    value_ += more.value_;
    return *this;
  }
  Count& operator-=(Count less) {
    value_ -= less.value_;
    return *this;
  }
  Count times(std::int64_t factor) const {
    Count product;
    product.value_ = value_ * factor;
    return product;
  }
  bool is_sum_of(std::initializer_list<Count> parts) const {
    Count sum;
    for (const Count part : parts) sum += part;
    return sum.value_ == value_;
  }
  operator std::int64_t() const {  // NOLINT(google-explicit-constructor): it is a number
    constexpr Wide kMost = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::clamp(value_, -kMost, kMost));
  }

 private:
  Wide value_;
};

}  // namespace coordinator::judge
