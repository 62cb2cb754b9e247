#include "coordinator/daemon.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using namespace std::chrono_literals;

namespace {
constexpr auto kAgentBegins = 10s;
constexpr auto kSuspend = 180s;  // a broker may take two minutes to come back
}  // namespace

Result<std::unique_ptr<Daemon>> Daemon::start(const DaemonOptions& options) {
  auto lock = common::base::FileLock::take_folder(options.root, "coordinator");
  if (lock.has_error()) return lock.error();
  std::unique_ptr<Daemon> daemon(new Daemon(std::move(*lock)));
  daemon->runs_ = std::make_unique<RunRegistry>(options.root, options.timing, options.judge, options.preflight);
  RunRegistry& runs = *daemon->runs_;
  auto agents = AgentRegistry::open(options.root, [&runs](const std::string& agent) { runs.collect_from(agent); });
  if (agents.has_error()) return agents.error();
  daemon->agents_ = std::move(*agents);
  for (const auto& url : options.agents) {
    const auto added = daemon->agents_->add(url, kAgentBegins);
    if (added.has_error()) return added.error();
  }
  runs.continue_unfinished();

  common::http::ServerOptions server;
  server.address = options.address;
  server.port = options.port;
  server.threads = 4;
  auto started = common::http::Server::start(
      server, daemon_routes(runs, *daemon->agents_, {"coordinator", options.version, options.librdkafka}));
  if (started.has_error()) return started.error();
  daemon->server_ = std::move(*started);
  return daemon;
}

Daemon::~Daemon() {
  (void)stop();
  server_.reset();
  agents_.reset();  // its thread calls into the runs
}

Result<void> Daemon::stop() {
  const bool rested = runs_->suspend_all(kSuspend);
  if (server_) server_->stop();
  if (!rested) return fail(ErrorKind::timeout, "not every fault was reverted in time; leases and guardians end them");
  return {};
}

}  // namespace coordinator
