// One agent during one run, in the background: polls the states of our tasks, renews leases of faults, measures the
// clock, pulls evidence. Two threads, so that a long transfer never lets a lease run out. Any thread may call; what it
// tells are copies. Every news is announced to `changes`.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/protocol/task.h"
#include "coordinator/agent_client.h"
#include "coordinator/changes.h"
#include "coordinator/clock_exchange.h"
#include "coordinator/evidence_pull.h"

namespace coordinator {

struct SessionTiming {
  std::chrono::milliseconds poll{250};
  std::chrono::milliseconds pull{500};
  std::chrono::milliseconds lost_after{5'000};  // without an answer
  std::chrono::milliseconds clock{10'000};
};

struct TaskView {
  common::protocol::TaskStatus status;
  bool told = false;        // the agent has told at least once
  std::int64_t pulled = 0;  // bytes on our disk
  bool evidence_complete = false;
  std::string problem;  // evidence cannot be pulled any more; one line
};

class AgentSession {
 public:
  AgentSession(std::string name, std::string url, std::string host, const SessionTiming& timing, Changes& changes);
  ~AgentSession();
  AgentSession(const AgentSession&) = delete;
  AgentSession& operator=(const AgentSession&) = delete;

  // From now on: its status, and its evidence into `path`.
  void watch(const std::string& task_id, const std::string& path);
  void watch(const std::string& task_id, const std::string& path, const common::protocol::TaskStatus& as_answered);
  void keep_lease(const std::string& task_id, std::chrono::milliseconds lease);
  void drop_lease(const std::string& task_id);

  TaskView view(const std::string& task_id) const;
  bool lost() const;
  std::optional<ClockEstimate> clock() const;  // the latest; nothing yet: not measured
  const std::string& name() const { return name_; }
  const std::string& url() const { return url_; }
  const std::string& host() const { return host_; }

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Watched {
    std::string path;
    TaskView view;
  };
  struct Lease {
    std::chrono::milliseconds length{0};
    Instant renewed;
  };

  void monitor(const std::stop_token& stop);
  void pull(const std::stop_token& stop);
  bool poll_tasks(AgentClient& client, const std::stop_token& stop);
  bool renew_leases(AgentClient& client);
  bool measure_clock(AgentClient& client);
  void heard(bool answered);
  std::vector<std::string> open_tasks() const;
  void pull_one(AgentClient& client, EvidencePull& source);
  void nap(const std::stop_token& stop, std::chrono::milliseconds span);

  const std::string name_;
  const std::string url_;
  const std::string host_;
  const SessionTiming timing_;
  Changes& changes_;

  mutable std::mutex mutex_;
  std::condition_variable_any woken_;
  std::map<std::string, Watched> tasks_;
  std::map<std::string, Lease> leases_;
  std::optional<ClockEstimate> clock_;
  Instant last_answer_ = std::chrono::steady_clock::now();
  Instant next_clock_ = std::chrono::steady_clock::now();
  bool lost_ = false;

  std::jthread monitor_;
  std::jthread puller_;
};

}  // namespace coordinator
