// `firedrill run SCENARIO`: one drill from start to verdict.
#include <array>
#include <ctime>

#include <CLI/CLI.hpp>

#include "cli/client_config.h"
#include "cli/command.h"
#include "cli/run_options.h"
#include "cli/scenario_file.h"
#include "common/base/clock.h"
#include "common/protocol/bootstrap.h"
#include "common/protocol/task.h"
#include "coordinator/run_directory.h"

namespace cli {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

namespace {

constexpr const char* kFooter =
    "A drill on a cluster of your own, with the services that may be broken declared in FILE:\n"
    "  firedrill run leader-election --bootstrap 127.0.0.1:9092 --services cluster.agent.json --allow-faults kill\n"
    "The same on a fleet:\n"
    "  firedrill run leader-election --bootstrap b1:9092 --coordinator http://conductor:7500\n"
    "Ctrl-C reverts the faults, drains, and judges what there is; a second Ctrl-C only reverts the faults.\n"
    "The exit code is the verdict's: 0 pass, 10 violated, 11 expectation missed, 12 inconclusive, 13 hang,\n"
    "20 infrastructure, 21 revert failed (host dirty), 30 aborted; 2: nothing was started, something is wrong with\n"
    "the scenario or the options.";

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S", &utc);
  return text.data();
}

// A directory that holds a run already: the same command again means that one.
std::string id_of_run_in(const std::string& path) {
  const auto directory = coordinator::RunDirectory::open(path);
  if (directory.has_error()) return "";
  const auto state = directory->state();
  return state.has_value() ? state->run : "";
}

Result<void> name_the_run(RunOptions& options, const std::string& scenario) {
  options.run_dir = options.run_dir_given;
  while (options.run_dir.size() > 1 && options.run_dir.back() == '/') options.run_dir.pop_back();
  if (options.id.empty() && !options.run_dir.empty()) options.id = id_of_run_in(options.run_dir);
  if (options.id.empty()) options.id = scenario + "-" + utc_now();
  if (options.run_dir.empty()) options.run_dir = "firedrill-runs/" + options.id;
  if (!common::protocol::valid_id(options.id) || options.id.size() > 100)
    return fail(ErrorKind::configuration, "a run's id is 1 to 100 of A-Z a-z 0-9 . _ - and not `" + options.id + "`");
  return {};
}

}  // namespace

Result<coordinator::RunRequest> make_request(RunOptions& options) {
  const auto file = find_scenario(options.scenario);
  if (file.has_error()) return file.error();
  if (const auto mistake = common::protocol::bootstrap_mistake(options.bootstrap); !mistake.empty())
    return fail(ErrorKind::configuration, "--bootstrap " + mistake);
  coordinator::RunRequest request;
  request.scenario = file->text;
  request.file = file->path;
  const auto scenario = coordinator::scenario::parse_scenario(request.scenario, request.file);
  if (scenario.has_error()) return scenario.error();
  for (const auto& item : options.set) {
    const auto equal = item.find('=');
    if (equal == std::string::npos || equal == 0)
      return fail(ErrorKind::usage, "--set takes NAME=VALUE, not `" + item + "`");
    const std::string name = item.substr(0, equal);
    if (!request.parameters.emplace(name, item.substr(equal + 1)).second)
      return fail(ErrorKind::configuration, "--set gives `" + name + "` twice; a parameter has one value");
  }
  const auto named = name_the_run(options, scenario->name);
  if (named.has_error()) return named.error();
  request.id = options.id;
  if (options.seed.has_value()) {
    const auto seed = coordinator::parse_seed(*options.seed);
    if (seed.has_error()) return fail(ErrorKind::configuration, "--seed " + seed.error().what);
    request.seed = *seed;
  }
  request.bootstrap = options.bootstrap;
  if (!options.client_config.empty()) {
    auto client = read_client_config(options.client_config);
    if (client.has_error()) return client.error();
    request.client = std::move(*client);
  }
  return request;
}

void add_run(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("run", "Conduct one drill and pronounce its verdict");
  command->footer(kFooter);
  auto options = std::make_shared<RunOptions>();
  command->add_option("scenario", options->scenario, "a scenario file, or the name of a shipped one")
      ->type_name("SCENARIO")
      ->required();
  command->add_option("--bootstrap", options->bootstrap, "where the cluster is: HOST:PORT,...; [IPv6]:PORT")
      ->required();
  command->add_option("--services", options->services, "what may be broken on this host: an agent's configuration")
      ->type_name("FILE");
  command->add_option("--allow-faults", options->allow_faults, "kinds of faults that the agent here may inject")
      ->delimiter(',')
      ->type_name("KIND,...");
  command->add_option("--agent", options->agents, "an agent on another host (repeat); then none runs in this process")
      ->type_name("URL");
  command->add_option("--coordinator", options->coordinator, "let that coordinator conduct it with its agents")
      ->type_name("URL");
  command
      ->add_option("--client-config", options->client_config,
                   "librdkafka properties for every client, NAME=VALUE lines")
      ->type_name("FILE");
  command->add_option("--set", options->set, "a parameter of the scenario (repeat)")->type_name("NAME=VALUE");
  command->add_option("--seed", options->seed, "of everything random; chosen and printed if not given")
      ->type_name("NUMBER");
  command->add_option("--run-dir", options->run_dir_given, "where the run is kept (default firedrill-runs/ID)")
      ->type_name("DIR");
  command->add_option("--id", options->id, "of the run (default: that of the directory, or SCENARIO-TIME)");
  command->add_flag("--dry-run", options->dry_run,
                    "check everything that needs no cluster, print the plan, start nothing");
  command->add_flag("--json", options->json, "the report as JSON on standard output");
  command->add_flag("--quiet", options->quiet, "no live line");
  command->add_flag("--all", options->all, "every finding and partition in the report");
  command->callback([options, &exit_code] {
    const auto request = make_request(*options);
    if (request.has_error()) {
      exit_code = report_error(request.error());
      return;
    }
    exit_code = options->coordinator.empty() ? run_here(*options, *request) : run_there(*options, *request);
  });
}

}  // namespace cli
