// What a coordinator says to one agent, typed: one function per route of the agent's API (docs/agent.md). Blocking,
// every call with a deadline. Not thread-safe: each thread has its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/http/client.h"
#include "common/protocol/agent_info.h"
#include "common/protocol/cluster_info.h"
#include "common/protocol/task.h"
#include "common/protocol/task_event.h"
#include "coordinator/clock_exchange.h"

namespace coordinator {

struct EvidencePage {
  std::string bytes;      // its checksum was right
  std::int64_t end = 0;   // bytes of the whole file now
  bool complete = false;  // nothing is added to the file any more
};

class AgentClient {
 public:
  static common::base::Result<AgentClient> create(const std::string& url);

  common::base::Result<common::protocol::AgentInfo> info();
  common::base::Result<ClockExchange> exchange_clocks();
  common::base::Result<common::protocol::ClusterInfo> cluster(const common::protocol::ClusterAccess& access);
  common::base::Result<common::protocol::TaskStatus> create_task(const common::protocol::TaskRequest& request);
  common::base::Result<common::protocol::TaskStatus> task(const std::string& id);
  common::base::Result<common::protocol::TaskStatus> stop_task(const std::string& id);
  common::base::Result<common::protocol::TaskStatus> happen(const std::string& id,
                                                            const common::protocol::TaskEvent& event);
  common::base::Result<void> renew_lease(const std::string& id, std::chrono::milliseconds lease);
  // A page that arrived damaged is an Error (infrastructure) that says so; ask again.
  common::base::Result<EvidencePage> evidence(const std::string& id, std::int64_t offset, std::int64_t limit);

  // Whether the last call got a whole answer, be it a refusal: an agent that refuses is not lost.
  bool answered() const { return answered_; }
  const std::string& url() const { return http_->base_url(); }

 private:
  explicit AgentClient(std::unique_ptr<common::http::Client> http) : http_(std::move(http)) {}
  // A status >= 400 becomes the Error that the agent told.
  common::base::Result<common::http::Response> call(const std::string& method, const std::string& path,
                                                    const std::string& body, std::chrono::milliseconds timeout);
  common::base::Result<common::protocol::TaskStatus> task_call(const std::string& method, const std::string& path,
                                                               const std::string& body,
                                                               std::chrono::milliseconds timeout);
  std::unique_ptr<common::http::Client> http_;
  bool answered_ = false;
};

}  // namespace coordinator
