// The coordinator as a daemon: agents, runs, REST under /v1. Continues unfinished runs before it opens its port. Any
// thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/file_lock.h"
#include "common/http/server.h"
#include "common/protocol/version_info.h"
#include "coordinator/agent_registry.h"
#include "coordinator/run_registry.h"

namespace coordinator {

struct DaemonOptions {
  std::string root;
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::vector<std::string> agents;  // registered at start; one that does not answer is an Error
  std::string version;              // Firedrill's
  std::string librdkafka;           // of the executable
  ConductorTiming timing;
  RunRegistry::Judge judge;
  Preflight preflight;
};

class Daemon {
 public:
  static common::base::Result<std::unique_ptr<Daemon>> start(const DaemonOptions& options);
  ~Daemon();

  std::uint16_t port() const { return server_->port(); }
  // Graceful: faults are reverted, runs stay resumable (their workloads go on meanwhile), the port closes. An Error
  // (timeout): some revert took too long; leases and guardians end those faults. Idempotent.
  common::base::Result<void> stop();

 private:
  explicit Daemon(common::base::FileLock lock) : lock_(std::move(lock)) {}
  common::base::FileLock lock_;
  std::unique_ptr<RunRegistry> runs_;
  std::unique_ptr<AgentRegistry> agents_;
  std::unique_ptr<common::http::Server> server_;
};

// The route table (daemon_routes.cpp); the OpenAPI document is made from it.
std::vector<common::http::Route> daemon_routes(RunRegistry& runs, AgentRegistry& agents,
                                               const common::protocol::VersionInfo& version);

}  // namespace coordinator
