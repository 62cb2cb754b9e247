// `firedrill coordinator`: the daemon that conducts runs on a fleet of agents.
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/interrupts.h"
#include "common/base/log.h"
#include "coordinator/daemon.h"
#include "coordinator/run_report.h"
#include "workloads/client_property.h"
#include "workloads/workload.h"

namespace cli {

namespace {

constexpr const char* kFooter =
    "  firedrill coordinator --root /var/lib/firedrill --agent http://host1:7501 --agent http://host2:7501\n"
    "Unfinished runs under ROOT are continued at start. TERM or Ctrl-C reverts the faults and leaves the runs to be\n"
    "continued by the next start; POST /v1/runs/{id}/stop ends one for good. API: GET /v1/openapi.json";

int serve(const coordinator::DaemonOptions& options) {
  listen_for_interrupts();
  auto daemon = coordinator::Daemon::start(options);
  if (daemon.has_error()) return report_error(daemon.error());
  std::printf("http://%s:%u\n", options.address.c_str(), (*daemon)->port());
  std::fflush(stdout);
  common::base::log(
      common::base::Level::info, "coordinator ready",
      {{"address", options.address}, {"port", std::to_string((*daemon)->port())}, {"root", options.root}});
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  // A signal handler may set a flag and nothing else, hence the look at it ten times a second.
  while (interrupts() == 0) never.wait_for(lock, std::chrono::milliseconds(100), [] { return interrupts() != 0; });
  common::base::log(common::base::Level::info, "coordinator stopping");
  const auto stopped = (*daemon)->stop();
  return stopped.has_error() ? report_error(stopped.error()) : 0;
}

}  // namespace

void add_coordinator(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("coordinator", "Conduct runs on a fleet of agents, as a daemon with a REST API");
  command->footer(kFooter);
  auto options = std::make_shared<coordinator::DaemonOptions>();
  command->add_option("--root", options->root, "where the runs are kept, a folder each")->type_name("DIR")->required();
  command->add_option("--address", options->address, "to listen on")->capture_default_str();
  command->add_option("--port", options->port, "to listen on; 0: a free one, printed on standard output")
      ->capture_default_str();
  command->add_option("--agent", options->agents, "an agent to register at start (repeat)")->type_name("URL");
  command->callback([options, &exit_code] {
    options->version = FIREDRILL_VERSION;
    options->librdkafka = workloads::librdkafka_version();
    options->judge = coordinator::make_report;
    options->preflight = {workloads::check_client_property, coordinator::ask_cluster};
    exit_code = serve(*options);
  });
}

}  // namespace cli
