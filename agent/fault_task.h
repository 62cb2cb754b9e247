// A fault as a task: writes what FaultRun tells into evidence, and keeps the status. The undo record is removed only
// when the fault is reverted and its evidence is on disk: otherwise the next start of the agent completes both.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "agent/faults/fault_run.h"
#include "agent/task.h"
#include "agent/task_files.h"
#include "workloads/evidence/segment_writer.h"

namespace agent {

struct FaultSurroundings {
  std::string host;
  std::function<std::string()> must_end;                 // see FaultWatch
  std::function<void(const faults::UndoRecord&)> ended;  // on the task's thread, before it is told to have ended
};

class FaultTask final : public Task {
 public:
  static common::base::Result<std::shared_ptr<Task>> start(const common::protocol::TaskRequest& request,
                                                           std::unique_ptr<faults::FaultRun> run,
                                                           const faults::Journal& journal, const TaskFiles& files,
                                                           FaultSurroundings surroundings);
  ~FaultTask() override;

  common::protocol::TaskStatus status() const override { return cell_.get(); }
  void stop() override { thread_.request_stop(); }
  bool wait_ended(std::chrono::steady_clock::time_point deadline) const override { return cell_.wait_ended(deadline); }
  common::base::Result<void> renew_lease(std::chrono::milliseconds lease) override;

 private:
  FaultTask(const common::protocol::TaskRequest& request, std::unique_ptr<faults::FaultRun> run,
            const faults::Journal& journal, const TaskFiles& files, FaultSurroundings surroundings,
            std::unique_ptr<workloads::evidence::SegmentWriter> writer);
  void run(std::stop_token stop);
  void happened(const faults::FaultHappening& happening);
  common::base::Result<void> run_fault(std::stop_token stop);

  const std::unique_ptr<faults::FaultRun> run_;
  const faults::Journal& journal_;
  const TaskFiles files_;
  const FaultSurroundings surroundings_;
  const std::unique_ptr<workloads::evidence::SegmentWriter> writer_;  // the task's thread only
  StatusCell cell_;
  std::jthread thread_;
};

}  // namespace agent
