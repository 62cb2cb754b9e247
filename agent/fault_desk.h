// Says whether a fault may be, and keeps what all faults of this agent share: journal, guardian, which service is
// broken by whom, and whether everything is blocked. Any thread.
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
#include "agent/fault_task.h"
#include "agent/faults/guardian.h"
#include "agent/task_table.h"

namespace agent {

class FaultDesk {
 public:
  // Waits for the journal while a guardian of an earlier life still reverts, then reverts what is left.
  static common::base::Result<std::unique_ptr<FaultDesk>> open(const AgentConfig& config);
  ~FaultDesk();

  // What the sweep at start found, told to the tasks once they are restored.
  void settle_swept(TaskTable& table);

  common::base::Result<std::shared_ptr<Task>> start(const faults::FaultKind& kind,
                                                    const common::protocol::TaskRequest& request,
                                                    const TaskFiles& files);

  // Blocks new faults, ends those that are, and tries again what could not be reverted. Lasts over a restart: a file
  // says so (STOP in the state folder), which a person may also create by hand. Does not wait.
  void revert_all(TaskTable& table);
  common::base::Result<void> release();
  bool blocked() const;

  struct Broken {
    std::string service;
    std::string task;
    bool dirty = false;  // its revert failed
  };
  std::vector<Broken> broken() const;
  std::int64_t guardian_pid() const { return guardian_.pid(); }
  bool allows(std::string_view kind) const;
  void finish_cleaning();  // what revert_all began may use the table: before the table goes

 private:
  FaultDesk(const AgentConfig& config, std::unique_ptr<faults::Journal> journal, std::vector<faults::UndoRecord> swept);
  common::base::Result<const faults::Service*> check(const faults::FaultKind& kind,
                                                     const common::protocol::FaultSpec& spec) const;
  common::base::Result<void> claim(const std::string& service, const std::string& task);
  void ended(const faults::UndoRecord& record);
  std::string must_end();
  void clean(TaskTable& table);

  const AgentConfig& config_;
  const std::string stop_file_;
  std::unique_ptr<faults::Journal> journal_;
  faults::Guardian guardian_;
  mutable std::mutex mutex_;                         // guards what follows
  std::map<std::string, std::string> claims_;        // service -> task
  std::map<std::string, faults::UndoRecord> dirty_;  // task -> what could not be reverted
  std::vector<faults::UndoRecord> swept_;
  std::chrono::steady_clock::time_point guarded_at_;
  std::atomic<bool> blocked_ = false;  // besides the file
  bool cleaning_ = false;
  std::jthread cleaner_;
};

}  // namespace agent
