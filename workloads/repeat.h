// Asks again and again, at a pace, until stopped; a pause ends at once when the stop is requested. One thread.
#pragma once

#include <stop_token>

#include "common/base/clock.h"
#include "workloads/kafka/wakeup.h"

namespace workloads {

// `ask` begins every `interval` (at once, if it took longer), the first time after `delay`.
template <typename Ask>
void repeat(const std::stop_token& stop, common::base::Nanos delay, common::base::Nanos interval, Ask ask) {
  kafka::Wakeup pause;
  const std::stop_callback wake(stop, [&pause] { pause.signal(); });
  if (delay > 0) pause.wait_until(common::base::steady_now() + delay);
  while (!stop.stop_requested()) {
    const common::base::Nanos began = common::base::steady_now();
    ask();
    pause.wait_until(began + interval);
  }
}

}  // namespace workloads
