// The folder of one task: request.json (written before it starts), evidence.fde (as it happens), status.json (when it
// has ended). What has a request and no status did not end by itself: its agent was killed. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/protocol/task.h"

namespace agent {

class TaskFiles {
 public:
  TaskFiles(const std::string& folder_of_tasks, const std::string& id);
  static std::vector<std::string> ids(const std::string& folder_of_tasks);

  common::base::Result<void> create(const common::protocol::TaskRequest& request) const;
  void remove() const;
  common::base::Result<common::protocol::TaskRequest> request() const;
  std::optional<common::protocol::TaskStatus> final_status()
      const;  // none: it did not end by itself, or cannot be read
  common::base::Result<void> save_status(const common::protocol::TaskStatus& status) const;
  const std::string& evidence_path() const { return evidence_path_; }
  std::int64_t evidence_bytes() const;  // of the file as it is

 private:
  const std::string folder_;
  const std::string evidence_path_;
};

}  // namespace agent
