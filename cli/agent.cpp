// `firedrill agent`: the daemon of a host; `firedrill agent sweep`: reverts by hand what a dead agent left;
// `firedrill guardian`: the process that an agent starts to do so, not for people.
#include "agent/agent.h"

#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <memory>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "agent/faults/guardian.h"
#include "agent/faults/revert.h"
#include "cli/command.h"
#include "common/base/log.h"

namespace cli {

namespace base = common::base;

namespace {

constexpr int kDirty = 21;

struct AgentOptions {
  std::string config;
  std::string address = "127.0.0.1";
  std::uint16_t port = 7501;
  std::string state;
  std::string name;
  std::vector<std::string> allow_faults;
  bool dry_run = false;
};

std::string default_state() {
  if (const char* folder = std::getenv("XDG_STATE_HOME")) return std::string(folder) + "/firedrill/agent";
  const char* home = std::getenv("HOME");
  return std::string(home ? home : "/var/lib") + "/.local/state/firedrill/agent";
}

base::Result<agent::AgentConfig> configured(const CLI::App& command, const AgentOptions& options) {
  auto config = options.config.empty() ? agent::parse_agent_config("{}") : agent::read_agent_config(options.config);
  if (config.has_error()) return config;
  if (command.count("--allow-faults") > 0) {
    config->allow_faults = options.allow_faults;
    if (auto known = agent::check_fault_kinds(config->allow_faults); known.has_error()) return known.error();
  }
  if (!options.name.empty()) config->name = options.name;
  config->address = options.address;
  config->port = options.port;
  config->state_folder = options.state;
  config->version = FIREDRILL_VERSION;
  return config;
}

sigset_t our_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int each : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&set, each);
  return set;
}

int serve(const agent::AgentConfig& config) {
  mallopt(M_ARENA_MAX, 2);  // an arena a thread would cost more memory than all of an idle agent
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of write(), like a full disk
  const sigset_t signals = our_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before the first thread: all inherit it
  auto started = agent::Agent::start(config);
  if (started.has_error()) {
    report_error(started.error());
    // A taken state folder or port is the host's affair, not a mistake in a file.
    return started.error().kind == base::ErrorKind::configuration ? 2 : 20;
  }
  std::printf("%s\n", (*started)->url().c_str());
  std::fflush(stdout);
  for (;;) {
    int received = 0;
    if (sigwait(&signals, &received) != 0) continue;
    if (received != SIGUSR1) break;
    base::log(base::Level::warning, "SIGUSR1: everything is reverted, faults are blocked");
    (*started)->revert_all();
  }
  base::log(base::Level::info, "stopping");
  const auto stopped = (*started)->stop();
  if (stopped.has_error()) {
    report_error(stopped.error());
    // Threads that did not end cannot be waited for; their tasks will be `lost`, which is what they are.
    if (stopped.error().kind == base::ErrorKind::timeout) std::_Exit(20);
    return kDirty;
  }
  return 0;
}

int print(const std::vector<agent::faults::UndoRecord>& records) {
  int exit_code = 0;
  for (const auto& record : records) {
    if (!record.reverted() && record.state != "planned") exit_code = kDirty;
    std::printf("%-14s %-8s %-16s %s%s%s\n", record.state.c_str(), record.kind.c_str(), record.service.c_str(),
                record.task.c_str(), record.proof.empty() ? "" : ": ", record.proof.c_str());
  }
  if (records.empty()) std::printf("nothing is left to revert\n");
  return exit_code;
}

int sweep(const AgentOptions& options) {
  const std::string journal_folder = options.state + "/journal";
  if (access(journal_folder.c_str(), F_OK) != 0) {
    return report_error(
        base::fail(base::ErrorKind::not_found, options.state + " is no agent's state folder: it has no journal"));
  }
  if (options.dry_run) {
    const auto records = agent::faults::Journal::list(journal_folder);
    return records.has_error() ? report_error(records.error()) : print(*records);
  }
  auto journal = agent::faults::Journal::open(journal_folder, std::chrono::seconds(1));
  if (journal.has_error() && journal.error().kind == base::ErrorKind::conflict) {
    return report_error(base::fail(base::ErrorKind::conflict, "an agent, or its guardian, is at work on " +
                                                                  options.state +
                                                                  "; ask the agent: POST /v1/revert-all, or SIGUSR1"));
  }
  if (journal.has_error()) return report_error(journal.error());
  const auto swept = agent::faults::sweep(**journal);
  return swept.has_error() ? report_error(swept.error()) : print(*swept);
}

void add_sweep(CLI::App& agent_command, const std::shared_ptr<AgentOptions>& options, int& exit_code) {
  auto* command =
      agent_command.add_subcommand("sweep", "Revert what an agent that is gone left behind, and say what that was");
  command->add_option("--state", options->state, "the agent's state folder")->capture_default_str();
  command->add_flag("--dry-run", options->dry_run, "only list it");
  command->footer("Exit codes: 0 nothing is left, 20 cannot look, 21 something could not be reverted (or is listed).");
  command->callback([options, &exit_code] { exit_code = sweep(*options); });
}

void add_guardian(CLI::App& app, int& exit_code) {
  auto journal = std::make_shared<std::string>();
  auto pipe = std::make_shared<int>(-1);
  auto* command = app.add_subcommand("guardian", "started by an agent; reverts its faults when it dies")->group("");
  command->add_option("--journal", *journal)->required();
  command->add_option("--agent-pipe", *pipe)->required();
  command->callback([journal, pipe, &exit_code] { exit_code = agent::faults::stand_guard(*journal, *pipe); });
}

}  // namespace

void add_agent(CLI::App& app, int& exit_code) {
  add_guardian(app, exit_code);
  auto options = std::make_shared<AgentOptions>();
  options->state = default_state();
  auto* command = app.add_subcommand("agent", "The daemon of a host: run workloads and faults, serve their evidence");
  command->add_option("--config", options->config, "JSON: services of this host, allow_faults, cluster_id, name, host")
      ->type_name("FILE");
  command->add_option("--address", options->address, "IP address to listen on")->capture_default_str();
  command->add_option("--port", options->port, "0: the kernel chooses; the URL is printed")->capture_default_str();
  command->add_option("--state", options->state, "folder of tasks, evidence and undo records; one agent each")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_option("--name", options->name, "its name in the fleet, instead of the file's");
  command
      ->add_option("--allow-faults", options->allow_faults,
                   "kinds, instead of the file's; nothing is allowed by default")
      ->delimiter(',')
      ->type_name("KIND,...");
  command->footer(
      "SIGTERM or SIGINT: reverts faults, drains workloads, ends. SIGUSR1, or a file STOP in the state folder: "
      "reverts\n"
      "every fault and refuses new ones until POST /v1/release. Exit codes: 0, 2 configuration, 20 state folder or "
      "port\n"
      "taken, 21 a fault could not be reverted.");
  add_sweep(*command, options, exit_code);
  command->callback([command, options, &exit_code] {
    if (!command->get_subcommands().empty()) return;
    const auto config = configured(*command, *options);
    exit_code = config.has_error() ? report_error(config.error()) : serve(*config);
  });
}

}  // namespace cli
