// The local copy of one task's evidence, made page by page while the task goes on. The size of the file is the only
// state: a coordinator that restarts goes on from there. Owned by one thread.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "coordinator/agent_client.h"

namespace coordinator {

struct PullResult {
  bool complete = false;     // the file is whole: the agent adds nothing more and we have all of it
  bool unreachable = false;  // no answer; ask later
};

class EvidencePull {
 public:
  // A copy of an earlier coordinator is kept up to its last whole frame; what is behind it is pulled again.
  static common::base::Result<EvidencePull> open(std::string task_id, std::string path);
  EvidencePull(EvidencePull&& other) noexcept;
  EvidencePull& operator=(EvidencePull&&) = delete;
  ~EvidencePull();

  // Pulls what there is now, at most `pages` pages. An Error cannot be mended by asking again: a page that arrived
  // damaged three times, a disk that is full, an agent that no longer has the evidence. What is on disk stays.
  common::base::Result<PullResult> pull(AgentClient& agent, int pages);

  std::int64_t bytes() const { return bytes_; }
  const std::string& task_id() const { return task_id_; }

 private:
  EvidencePull(std::string task_id, std::string path, int file, std::int64_t bytes);
  common::base::Result<void> append(const std::string& bytes);

  std::string task_id_;
  std::string path_;
  int file_ = -1;
  std::int64_t bytes_ = 0;
};

}  // namespace coordinator
