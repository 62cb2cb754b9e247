// What a workload's thread waits on: librdkafka (a queue is no longer empty) and a stop request signal it, and a wait
// ends to the nanosecond, where librdkafka's own poll knows whole milliseconds only. signal(): any thread; wait: one.
#pragma once

#include "common/base/clock.h"

namespace workloads::kafka {

class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  int fd() const { return fd_; }
  void signal();
  // Until signalled (forgets the signal) or `deadline` of the steady clock.
  void wait_until(common::base::Nanos deadline);

 private:
  int fd_;
};

}  // namespace workloads::kafka
