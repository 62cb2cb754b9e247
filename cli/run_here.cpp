// `firedrill run` in one process: an agent (unless others are named) and a conductor.
#include <cstdio>
#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

#include "agent/agent.h"
#include "agent/api.h"
#include "cli/command.h"
#include "cli/interrupts.h"
#include "cli/live_display.h"
#include "cli/run_options.h"
#include "common/base/json_text.h"
#include "common/base/log.h"
#include "coordinator/conductor.h"
#include "coordinator/report/live_line.h"
#include "coordinator/report/report_json.h"
#include "coordinator/report/terminal_text.h"
#include "coordinator/run_report.h"
#include "coordinator/run_store.h"
#include "coordinator/scenario/plan_text.h"
#include "workloads/client_property.h"

namespace cli {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using coordinator::Conductor;
using coordinator::Fleet;
using coordinator::RunRequest;
using coordinator::StoredRun;
namespace fs = std::filesystem;
namespace report = coordinator::report;

namespace {

constexpr std::chrono::seconds kAgentAnswers{10};

struct Place {
  std::string root;
  std::string folder;
  std::string agent_state;  // beside the run's directory: undo records must outlive a run that was killed
};

Place place_of(const RunOptions& options) {
  const fs::path run = fs::absolute(options.run_dir);
  const std::string folder = run.filename().string();
  const std::string root = run.parent_path().string();
  return {root, folder, root + "/." + folder + ".agent"};
}

Result<agent::AgentConfig> agent_config(const RunOptions& options) {
  agent::AgentConfig config;
  if (!options.services.empty()) {
    auto read = agent::read_agent_config(options.services);
    if (read.has_error()) return read.error();
    config = std::move(*read);
  }
  if (!options.allow_faults.empty()) {
    const auto checked = agent::check_fault_kinds(options.allow_faults);
    if (checked.has_error()) return checked.error();
    config.allow_faults = options.allow_faults;
    if (config.allow_faults.size() == 1 && config.allow_faults[0] == "none") config.allow_faults.clear();
  }
  if (config.name.empty()) config.name = common::base::host_name();
  if (config.host.empty()) config.host = common::base::host_name();
  config.address = "127.0.0.1";
  config.port = 0;
  config.version = FIREDRILL_VERSION;
  return config;
}

// Nothing is started, so what is not declared here is asked of the agents named.
int dry_run(const RunOptions& options, const RunRequest& request) {
  if (!options.agents.empty()) {
    const auto fleet = Fleet::connect(options.agents, kAgentAnswers);
    return fleet.has_error() ? report_error(fleet.error()) : print_plan(options, request, fleet->facts());
  }
  const auto config = agent_config(options);
  if (config.has_error()) return report_error(config.error());
  if (options.services.empty()) return print_plan(options, request, {{1, 2, 3}});  // loops need some brokers
  const auto fleet = Fleet::of({{"", agent::info_of(*config)}});
  return fleet.has_error() ? report_error(fleet.error()) : print_plan(options, request, fleet->facts());
}

void follow(Conductor& conductor, LiveDisplay& display) {
  int heard = 0;
  while (!conductor.wait_for(display.pace())) {
    for (; heard < interrupts(); ++heard) {
      display.say(heard == 0
                      ? "firedrill: reverting faults, then draining and judging what there is; again to stop at once"
                      : "firedrill: reverting faults, nothing else");
      conductor.abort();
    }
    display.show(live_line(conductor.live()));
  }
}

int tell(const RunOptions& options, const Place& place, const report::Report& made) {
  if (options.json) {
    std::printf("%s\n", common::base::json_text(to_json(made), 1).c_str());
  } else if (made.verdict != report::Verdict::infrastructure) {  // nothing was judged: the reasons are told already
    report::TextOptions text;
    text.colour = report::wants_colour(1);
    text.all = options.all;
    std::printf("%s", terminal_text(made, text).c_str());
  }
  std::fflush(stdout);
  std::fprintf(stderr, "run directory: %s/%s\n", place.root.c_str(), place.folder.c_str());
  return exit_code(made.verdict);
}

int conduct(const RunOptions& options, const Place& place, const StoredRun& stored, const Fleet& fleet) {
  auto conductor = Conductor::create({stored.directory,
                                      stored.plan,
                                      fleet,
                                      stored.request.bootstrap,
                                      stored.request.client,
                                      {},
                                      coordinator::make_report});
  if (conductor.has_error()) return report_error(conductor.error());
  {
    LiveDisplay display(options.quiet);
    (*conductor)->start();
    follow(**conductor, display);
  }
  const auto state = (*conductor)->state();
  const auto made = (*conductor)->report();
  for (const auto& problem : state.infrastructure) std::fprintf(stderr, "firedrill: %s\n", problem.c_str());
  if (made.has_value()) return tell(options, place, *made);
  std::fprintf(stderr, "run directory: %s/%s\n", place.root.c_str(), place.folder.c_str());
  if (state.revert_failed) return exit_code(report::Verdict::revert_failed);
  return exit_code(state.aborted ? report::Verdict::aborted : report::Verdict::infrastructure);
}

// A run that has ended is told again, a run that was killed goes on.
int run_with(const RunOptions& options, const Place& place, const RunRequest& request, const Fleet& fleet) {
  coordinator::RunStore store(place.root, {workloads::check_client_property, coordinator::ask_cluster});
  auto stored = store.create(request, fleet, place.folder);
  if (stored.has_error()) return report_error(stored.error());
  const auto state = stored->directory.state();
  if (state.has_error()) return report_error(state.error());
  bool whole = state->state == "done";
  for (const auto& [name, task] : state->tasks) whole = whole && task.evidence_complete;
  if (whole) {
    const auto made = coordinator::make_report(stored->directory);
    if (made.has_error()) return report_error(made.error());
    return tell(options, place, *made);
  }
  if (!options.quiet) {
    std::fprintf(stderr, "firedrill: run %s, seed %llu%s\n", request.id.c_str(),
                 static_cast<unsigned long long>(*stored->request.seed), stored->fresh ? "" : ", continued");
  }
  return conduct(options, place, *stored, fleet);
}

// Undo records of a host that is dirty are what cleans it, and evidence that is not pulled yet is nowhere else.
bool nothing_left_to_do(const Place& place) {
  const coordinator::RunStore store(place.root);
  if (!store.has(place.folder)) return true;  // no run came of it
  const auto stored = store.open(place.folder);
  const auto state = stored.has_value() ? stored->directory.state() : Result<coordinator::RunState>(stored.error());
  if (state.has_error() || state->state != "done" || state->revert_failed) return false;
  for (const auto& [name, task] : state->tasks)
    if (!task.evidence_complete) return false;
  return true;
}

int run_with_own_agent(const RunOptions& options, const Place& place, const RunRequest& request) {
  auto config = agent_config(options);
  if (config.has_error()) return report_error(config.error());
  config->state_folder = place.agent_state;
  std::error_code error;
  const bool root_is_new = !fs::exists(place.root, error);
  fs::create_directories(place.agent_state, error);
  if (error)
    return report_error(fail(ErrorKind::infrastructure, "cannot create " + place.agent_state + ": " + error.message()));
  int code = 20;
  {
    auto own = agent::Agent::start(*config);
    if (own.has_error()) return report_error(own.error());
    const auto fleet = Fleet::connect({(*own)->url()}, kAgentAnswers);
    code = fleet.has_error() ? report_error(fleet.error()) : run_with(options, place, request, *fleet);
    const auto stopped = (*own)->stop();
    if (stopped.has_error()) report_error(stopped.error());
  }
  if (nothing_left_to_do(place)) fs::remove_all(place.agent_state, error);
  if (root_is_new) fs::remove(place.root, error);  // only if it is empty: no run came of it
  return code;
}

}  // namespace

int print_plan(const RunOptions& options, const RunRequest& request, coordinator::scenario::ClusterFacts facts) {
  const auto scenario = coordinator::scenario::parse_scenario(request.scenario, request.file);
  if (scenario.has_error()) return report_error(scenario.error());
  facts.check_property = workloads::check_client_property;
  const auto plan = make_plan(*scenario, request.parameters, facts, request.id, request.seed.value_or(1));
  if (plan.has_error()) return report_error(plan.error());
  std::printf("%s",
              options.json ? (common::base::json_text(to_json(*plan), 1) + "\n").c_str() : plan_text(*plan).c_str());
  return 0;
}

int run_here(const RunOptions& options, const RunRequest& request) {
  if (!options.agents.empty() && !(options.services.empty() && options.allow_faults.empty()))
    return report_error(fail(ErrorKind::usage,
                             "--services and --allow-faults do not go with --agent: what that agent "
                             "may break, its own configuration says"));
  if (options.dry_run) return dry_run(options, request);
  common::base::set_log_level(common::base::Level::error);  // a person watches; what matters is in the run's directory
  listen_for_interrupts();
  const Place place = place_of(options);
  if (options.agents.empty()) return run_with_own_agent(options, place, request);
  if (!options.quiet) {
    std::string urls;
    for (const auto& url : options.agents) urls += " " + url;
    std::fprintf(stderr, "firedrill: asking for the agents at%s\n", urls.c_str());
  }
  const auto fleet = Fleet::connect(options.agents, kAgentAnswers);
  if (fleet.has_error()) return report_error(fleet.error());
  return run_with(options, place, request, *fleet);
}

}  // namespace cli
