// A task of an earlier life of this agent: its files are here, nothing runs.
#pragma once

#include "agent/task.h"

namespace agent {

class EndedTask final : public Task {
 public:
  explicit EndedTask(common::protocol::TaskStatus status) : cell_(std::move(status)) {}

  common::protocol::TaskStatus status() const override { return cell_.get(); }
  void stop() override {}
  bool wait_ended(std::chrono::steady_clock::time_point) const override { return true; }
  common::base::Result<void> renew_lease(std::chrono::milliseconds) override {
    const auto status = cell_.get();
    return common::base::fail(common::base::ErrorKind::conflict, status.id + " has ended (" + status.state + ")");
  }

 private:
  const StatusCell cell_;
};

}  // namespace agent
