// Says whether a fault may be, and keeps what all faults of this agent share: journal, guardian, what is broken by
// whom, and whether everything is blocked. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/config.h"
#include "agent/fault_claims.h"
#include "agent/fault_task.h"
#include "agent/faults/guardian.h"
#include "agent/task_table.h"

namespace agent {

class FaultDesk {
 public:
  // Waits for the journal while a guardian of an earlier life still reverts, then reverts what is left.
  static common::base::Result<std::unique_ptr<FaultDesk>> open(const AgentConfig& config);
  ~FaultDesk();

  // The port that no fault may cut off; before the first start().
  void control_port(std::uint16_t port) { control_port_ = port; }

  // What the sweep at start found, told to the tasks once they are restored.
  void settle_swept(TaskTable& table);

  common::base::Result<std::shared_ptr<Task>> start(const faults::FaultKind& kind,
                                                    const common::protocol::TaskRequest& request,
                                                    const TaskFiles& files);
  // What it would do, line by line, and do nothing: refused as start() would refuse it.
  common::base::Result<std::vector<std::string>> plan(const faults::FaultKind& kind,
                                                      const common::protocol::FaultSpec& spec) const;

  // Blocks new faults, ends those that are, and tries again what could not be reverted. Lasts over a restart: a file
  // says so (STOP in the state folder), which a person may also create by hand. Does not wait.
  void revert_all(TaskTable& table);
  common::base::Result<void> release();
  bool blocked() const;

  std::vector<FaultClaims::Broken> broken() const;
  std::int64_t guardian_pid() const { return guardian_.pid(); }
  bool allows(std::string_view kind) const;
  void finish_cleaning();  // what revert_all began may use the table: before the table goes

 private:
  FaultDesk(const AgentConfig& config, std::unique_ptr<faults::Journal> journal, std::vector<faults::UndoRecord> swept);
  // Null: a fault of the cluster.
  common::base::Result<const faults::Service*> check(const faults::FaultKind& kind,
                                                     const common::protocol::FaultSpec& spec) const;
  common::base::Result<std::unique_ptr<faults::Fault>> make(const faults::FaultKind& kind,
                                                            const common::protocol::FaultSpec& spec) const;
  void ended(const faults::UndoRecord& record);
  std::string must_end();
  void clean(TaskTable& table);

  const AgentConfig& config_;
  const std::string stop_file_;
  std::unique_ptr<faults::Journal> journal_;
  faults::Guardian guardian_;
  std::atomic<std::uint16_t> control_port_ = 0;
  mutable std::mutex mutex_;  // guards what follows
  FaultClaims claims_;
  std::vector<faults::UndoRecord> swept_;
  std::chrono::steady_clock::time_point guarded_at_;
  std::atomic<bool> blocked_ = false;  // besides the file
  bool cleaning_ = false;
  std::jthread cleaner_;
};

}  // namespace agent
