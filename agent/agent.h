// The daemon of a host: runs tasks, serves their evidence, judges nothing. Several may live in one process (`firedrill
// run` composes one with the coordinator), each with a state folder of its own. Any thread.
#pragma once

#include <memory>

#include "agent/config.h"
#include "agent/fault_desk.h"
#include "agent/task_table.h"
#include "common/base/file_lock.h"
#include "common/http/server.h"

namespace agent {

class Agent {
 public:
  // In this order: takes the state folder, reverts what an earlier life left, finds its tasks, opens the port. Ready
  // when it returns. A state folder that is in use: conflict; a taken port: infrastructure.
  static common::base::Result<std::unique_ptr<Agent>> start(const AgentConfig& config);
  ~Agent();  // stops; then waits for what still runs, however long

  std::uint16_t port() const { return server_->port(); }
  std::string url() const;
  void revert_all() { desk_->revert_all(*table_); }

  // Reverts faults, then lets the workloads drain, then closes the port. An Error (timeout) names the workloads that
  // did not end within the configured patience; (infrastructure) the faults whose revert failed. Idempotent.
  common::base::Result<void> stop();

 private:
  Agent(const AgentConfig& config, common::base::FileLock lock);
  common::base::Result<void> open();

  const AgentConfig config_;
  const common::base::FileLock lock_;
  std::unique_ptr<FaultDesk> desk_;  // lives longer than the faults in the table
  std::unique_ptr<TaskTable> table_;
  std::unique_ptr<common::http::Server> server_;
};

}  // namespace agent
