// How long a workload waits before its next incarnation: 100 ms, doubled up to 5 s by each that ends at once. One that
// lived longer than 5 s makes it short again. The workload's thread only.
#pragma once

#include <stop_token>

#include "common/base/clock.h"

namespace workloads {

class Backoff {
 public:
  explicit Backoff(const common::base::Clock& clock) : clock_(clock) {}
  void begun() { began_ = clock_.now(); }  // an incarnation, or the attempt at one
  void wait(const std::stop_token& stop);  // returns at once when `stop` asks

 private:
  static constexpr common::base::Nanos kShortest = 100 * common::base::kMillisecond;
  static constexpr common::base::Nanos kLongest = 5 * common::base::kSecond;

  const common::base::Clock& clock_;
  common::base::Nanos began_ = 0;
  common::base::Nanos next_ = kShortest;
};

}  // namespace workloads
