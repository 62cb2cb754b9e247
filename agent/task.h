// A task of this agent, whatever its kind, and the cell that holds its status. Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "common/base/result.h"
#include "common/protocol/task.h"
#include "common/protocol/task_event.h"

namespace agent {

class Task {
 public:
  virtual ~Task() = default;  // asks it to stop and waits for its end
  virtual common::protocol::TaskStatus status() const = 0;
  virtual void stop() = 0;  // asks; again: harmless
  virtual bool wait_ended(std::chrono::steady_clock::time_point deadline) const = 0;
  // Only a fault has a lease: an Error (configuration) for the others.
  virtual common::base::Result<void> renew_lease(std::chrono::milliseconds lease) = 0;
  // Only a workload that runs takes events; whether this one is new. The same id with another body: conflict.
  virtual common::base::Result<bool> happen(const common::protocol::TaskEvent& event);
};

inline common::base::Result<bool> Task::happen(const common::protocol::TaskEvent& event) {
  const auto told = status();
  return common::base::fail(
      common::base::ErrorKind::conflict,
      "task " + told.id + " (" + told.kind + ") is " + told.state + ": no `" + event.event + "` happens to it");
}

class StatusCell {
 public:
  explicit StatusCell(common::protocol::TaskStatus status) : status_(std::move(status)) {}

  common::protocol::TaskStatus get() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }
  void update(const std::function<void(common::protocol::TaskStatus&)>& change) {
    const std::lock_guard lock(mutex_);
    change(status_);
    changed_.notify_all();
  }
  bool wait_ended(std::chrono::steady_clock::time_point deadline) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, deadline, [this] { return status_.ended(); });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  common::protocol::TaskStatus status_;
};

}  // namespace agent
