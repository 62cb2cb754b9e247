// Wakes the one thread that conducts a run whenever something may have changed: a status arrived, a page was pulled, a
// person asked for a stop. Any thread announces; waiting never polls.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace coordinator {

class Changes {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  void announce() {
    {
      const std::lock_guard lock(mutex_);
      ++count_;
    }
    changed_.notify_all();
  }
  std::uint64_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  // Returns when something was announced after `seen` was read, or at the deadline.
  void wait_beyond(std::uint64_t seen, Deadline deadline) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [&] { return count_ != seen; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t count_ = 0;
};

}  // namespace coordinator
