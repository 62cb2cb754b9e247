// What must be undone, on disk before it is done: one file per fault in one folder, each replaced whole. Every record
// that is not ended can be reverted, by this process or by any later one, twice without harm. Whoever writes holds the
// folder's lock: the agent while it lives, its guardian afterwards. Any thread; one record is one thread's at a time.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/base/clock.h"
#include "common/base/file_lock.h"
#include "common/base/result.h"

namespace agent::faults {

// planned: nothing was done yet. injecting: it may have been. reverted and not yet removed: its evidence is not written
// yet.
struct UndoRecord {
  std::string task;
  std::string run;
  std::string fault;  // its name in the scenario
  std::string kind;
  std::string target;
  std::string service;
  std::string state = "planned";    // planned, injecting, active, reverting, reverted, revert_failed
  std::string proof;                // of reverted; of revert_failed: why, and what to do by hand
  common::base::Nanos ends_by = 0;  // when it is reverted at the latest; 0: not injected yet
  common::base::Nanos reverting_at = 0;
  common::base::Nanos ended_at = 0;
  nlohmann::json undo = nlohmann::json::object();  // by kind: all that its revert needs
  bool reverted() const { return state == "reverted"; }
};

nlohmann::json to_json(const UndoRecord& record);
common::base::Result<UndoRecord> undo_record_from(const nlohmann::json& json);

class Journal {
 public:
  // Creates the folder; waits at most `patience` for the lock (conflict).
  static common::base::Result<std::unique_ptr<Journal>> open(const std::string& folder,
                                                             std::chrono::milliseconds patience);
  // Without lock and without creating anything: what is there, for a person to look at.
  static common::base::Result<std::vector<UndoRecord>> list(const std::string& folder);

  common::base::Result<void> write(const UndoRecord& record) const;
  common::base::Result<void> remove(const UndoRecord& record) const;
  common::base::Result<std::vector<UndoRecord>> read() const { return list(folder_); }
  const std::string& folder() const { return folder_; }

 private:
  Journal(std::string folder, common::base::FileLock lock) : folder_(std::move(folder)), lock_(std::move(lock)) {}
  const std::string folder_;
  const common::base::FileLock lock_;
};

}  // namespace agent::faults
