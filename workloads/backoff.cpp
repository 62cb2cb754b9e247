#include "workloads/backoff.h"

#include <algorithm>

#include "workloads/kafka/wakeup.h"

namespace workloads {

void Backoff::wait(const std::stop_token& stop) {
  if (clock_.now() - began_ > kLongest) next_ = kShortest;
  kafka::Wakeup pause;
  const std::stop_callback wake(stop, [&pause] { pause.signal(); });
  if (!stop.stop_requested()) pause.wait_until(clock_.now() + next_);
  next_ = std::min(next_ * 2, kLongest);
}

}  // namespace workloads
