// The guardian: a process of its own session that holds the read end of a pipe whose only write end is the agent's.
// When the agent dies, however it dies, the pipe ends and the guardian reverts what the journal holds; then it ends
// too. Guardian is the agent's side: starts it, notices its death, starts another. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "agent/faults/process.h"
#include "common/base/descriptor.h"
#include "common/base/result.h"

namespace agent::faults {

class Guardian {
 public:
  // `command`: argv of the guardian's process, to which "--journal FOLDER --agent-pipe FD" is added.
  Guardian(std::vector<std::string> command, std::string journal_folder);
  ~Guardian();  // lets it go: it finds nothing to do, or does it

  common::base::Result<void> ensure();  // it stands guard when this returns; starts it at the first call
  bool stands_guard() const;
  std::int64_t pid() const;  // 0: none

 private:
  common::base::Result<void> start();
  void watch(std::stop_token stop);

  const std::vector<std::string> command_;
  const std::string journal_folder_;
  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<const Process> process_;
  common::base::Descriptor pipe_;
  std::jthread watcher_;
};

// What the guardian's process does; its exit code (0, or 21 if something could not be reverted). Blocks while the agent
// lives.
int stand_guard(const std::string& journal_folder, int agent_pipe);

}  // namespace agent::faults
