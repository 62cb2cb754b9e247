// Runs one workload on a thread of its own and keeps its status. The workload owns the evidence while it runs; the file
// is closed, and the final status on disk, before the task is told to have ended.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "agent/task.h"
#include "agent/task_files.h"
#include "workloads/workload.h"

namespace agent {

class WorkloadTask final : public Task {
 public:
  // An Error (a spec that is wrong) leaves no evidence behind.
  static common::base::Result<std::shared_ptr<Task>> start(const workloads::WorkloadKind& kind,
                                                           const common::protocol::TaskRequest& request,
                                                           const std::string& host, const TaskFiles& files);
  ~WorkloadTask() override;

  common::protocol::TaskStatus status() const override;
  void stop() override;
  bool wait_ended(std::chrono::steady_clock::time_point deadline) const override { return cell_.wait_ended(deadline); }
  common::base::Result<void> renew_lease(std::chrono::milliseconds lease) override;
  common::base::Result<bool> happen(const common::protocol::TaskEvent& event) override;

 private:
  WorkloadTask(const common::protocol::TaskRequest& request, const TaskFiles& files,
               std::unique_ptr<workloads::evidence::SegmentWriter> writer);
  void run(std::stop_token stop);
  common::base::Result<void> run_workload(std::stop_token stop);

  const TaskFiles files_;
  const std::unique_ptr<workloads::evidence::SegmentWriter> writer_;
  StatusCell cell_;
  mutable std::mutex mutex_;  // guards the pointer workload_, and events_
  std::map<std::string, common::protocol::TaskEvent> events_;
  std::unique_ptr<workloads::Workload> workload_;  // until it has ended: it may hold a client with threads and buffers
  std::jthread thread_;
};

}  // namespace agent
