// When messages are meant to be sent. Open loop: number i at start + i / rate, fixed beforehand, so that a stall makes
// its victims late instead of fewer. Closed loop (rate 0): as soon as possible. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "common/base/clock.h"

namespace workloads {

class Pace {
 public:
  Pace(common::base::Nanos start, double rate) : start_(start), interval_(rate > 0 ? 1e9 / rate : 0) {}

  bool open_loop() const { return interval_ > 0; }
  // The intended time of message `number` (from 0); in a closed loop that is when it is sent.
  common::base::Nanos intended(std::int64_t number, common::base::Nanos now) const {
    return open_loop() ? start_ + static_cast<common::base::Nanos>(static_cast<double>(number) * interval_) : now;
  }
  // How many of the messages from `number` on should be on their way by now, at most `limit`.
  std::int64_t due(std::int64_t number, common::base::Nanos now, std::int64_t limit) const {
    if (!open_loop()) return limit;
    const auto by_now = static_cast<std::int64_t>(static_cast<double>(now - start_) / interval_) + 1;
    return std::clamp<std::int64_t>(by_now - number, 0, limit);
  }

 private:
  common::base::Nanos start_;
  double interval_;  // ns; a double carries 10^15 ns (11 days) to a quarter of a microsecond
};

}  // namespace workloads
