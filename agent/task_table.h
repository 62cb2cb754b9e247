// All tasks of this agent by id, those of its earlier lives too. Create is idempotent. Any thread; creations queue up.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agent/faults/journal.h"
#include "agent/task.h"
#include "agent/task_files.h"
#include "common/base/result.h"

namespace agent {

struct TaskLimits {
  std::size_t kept = 1000;
  std::size_t running = 64;
};

class TaskTable {
 public:
  using Start = std::function<common::base::Result<std::shared_ptr<Task>>(const common::protocol::TaskRequest&,
                                                                          const TaskFiles&)>;
  // `start` gets a task going whose request is on disk.
  TaskTable(std::string folder, TaskLimits limits, Start start);

  // Reads what earlier lives left. What did not end by itself is `lost`: its evidence counts up to its last whole
  // frame.
  common::base::Result<void> restore();
  // A fault that was reverted, or could not be, by somebody else than its own task: completes its evidence and its
  // status. True: the record is needed no longer.
  bool settle(const faults::UndoRecord& record, const std::string& host);

  struct Created {
    common::protocol::TaskStatus status;
    bool fresh = false;
  };
  // Same id and body: as it is; same id, other body: conflict. Too many: limit. After close(): conflict.
  common::base::Result<Created> create(const common::protocol::TaskRequest& request);
  std::shared_ptr<Task> find(const std::string& id) const;  // nullptr: no such task
  common::base::Result<std::shared_ptr<Task>> need(const std::string& id) const;
  std::vector<std::shared_ptr<Task>> all() const;
  common::base::Result<void> remove(const std::string& id);  // only what has ended and left nothing broken
  TaskFiles files(const std::string& id) const { return TaskFiles(folder_, id); }
  void close();  // no further task

 private:
  struct Entry {
    common::protocol::TaskRequest request;
    std::shared_ptr<Task> task;
  };
  common::base::Result<void> check_room() const;
  common::base::Result<void> add_revert(const faults::UndoRecord& record, const std::string& host) const;
  common::protocol::TaskStatus lost_status(const common::protocol::TaskRequest& request) const;

  const std::string folder_;
  const TaskLimits limits_;
  const Start start_;
  std::mutex create_mutex_;   // one creation or removal at a time: they write files
  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, Entry> entries_;
  bool closed_ = false;
};

}  // namespace agent
