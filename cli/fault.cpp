// `firedrill fault`: one fault by hand, against one agent. Without a coordinator nobody renews a lease, so that the
// lease is as long as the fault: it ends by its duration, by `fault revert`, or with its agent.
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/call.h"
#include "cli/command.h"
#include "cli/fault_text.h"
#include "cli/interrupts.h"
#include "common/base/clock.h"
#include "common/base/json_fields.h"
#include "common/base/json_text.h"
#include "common/base/units.h"
#include "common/protocol/fault_catalogue.h"
#include "common/protocol/fault_spec.h"
#include "common/protocol/task.h"

namespace cli {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using nlohmann::json;
using namespace std::chrono_literals;
namespace protocol = common::protocol;

namespace {

constexpr auto kCall = 30s;  // planning a fault may probe its service
constexpr auto kRest = 100ms;
constexpr auto kLongestRevert = 5min;

struct FaultOptions {
  std::string agent = "http://127.0.0.1:7501";
  std::string kind;
  std::string service;
  std::string duration;
  std::string bootstrap;
  std::string cluster_id;
  std::string task;
  std::vector<std::string> set;
  bool dry_run = false;
  bool all = false;
  bool json = false;
};

class Agent {
 public:
  explicit Agent(std::unique_ptr<common::http::Client> client) : client_(std::move(client)) {}
  Result<json> call(const std::string& method, const std::string& path, const std::string& body = "") {
    return cli::call(*client_, "agent", method, path, body, kCall);
  }

 private:
  std::unique_ptr<common::http::Client> client_;
};

Result<Agent> agent_at(const std::string& url) {
  auto client = common::http::Client::create(url);
  if (client.has_error()) return client.error();
  return Agent(std::move(*client));
}

Result<protocol::FaultWords> words_of_set(const std::vector<std::string>& set) {
  protocol::FaultWords words;
  for (const auto& each : set) {
    const std::size_t equals = each.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(ErrorKind::usage, "--set takes NAME=VALUE, not `" + each + "`");
    words[each.substr(0, equals)].push_back(each.substr(equals + 1));
  }
  return words;
}

// Checked here already, so that a mistake costs nothing and is told with the words of the command line.
Result<protocol::FaultSpec> spec_of(const FaultOptions& options, Agent& agent) {
  const auto* row = protocol::describe_fault(options.kind);
  if (row == nullptr) {
    std::vector<std::string> known;
    for (const auto* each : protocol::fault_catalogue()) known.emplace_back(each->name);
    const std::string meant = common::base::nearest(options.kind, known);
    return fail(ErrorKind::usage,
                "there is no fault `" + options.kind + "`" +
                    (meant.empty() ? "; `firedrill fault kinds` lists them" : "; did you mean `" + meant + "`?"));
  }
  if (row->of_service == options.service.empty())
    return fail(ErrorKind::usage, row->of_service ? "--service says what is to be broken; `firedrill fault list` tells "
                                                    "which there are"
                                                  : options.kind + " breaks the cluster: --bootstrap, no --service");
  const auto duration = common::base::parse_duration(options.duration);
  if (duration.has_error()) return fail(ErrorKind::usage, "--for: " + duration.error().what);
  const auto words = words_of_set(options.set);
  if (words.has_error()) return words.error();
  common::base::Problems problems;
  (void)protocol::FaultParameters::read(*row, *words, problems);
  for (auto& problem : problems) problem.path = "--set " + problem.path;
  if (!problems.empty()) return fail(ErrorKind::usage, to_error(problems).what);
  const auto info = agent.call("GET", "/v1/info");
  if (info.has_error()) return info.error();

  protocol::FaultSpec spec;
  spec.fault = options.kind;
  spec.service = options.service;
  spec.target = options.service;
  spec.cluster_id = options.cluster_id.empty() ? info->value("cluster_id", "") : options.cluster_id;
  spec.duration_ms = *duration / common::base::kMillisecond;
  spec.lease_ms = std::max<std::int64_t>(1'000, spec.duration_ms);
  spec.parameters = *words;
  spec.cluster.bootstrap = options.bootstrap;
  return spec;
}

// Until its state is none of `states`, or a person or the deadline ends the wait.
Result<json> wait_while(Agent& agent, const std::string& id, const std::vector<std::string>& states,
                        std::chrono::steady_clock::duration patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    auto status = agent.call("GET", "/v1/tasks/" + id);
    if (status.has_error()) return status;
    const std::string state = status->value("state", "");
    if (std::find(states.begin(), states.end(), state) == states.end()) return status;
    if (interrupts() > 0) return fail(ErrorKind::timeout, "no longer waited for; " + id + " is " + state);
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(ErrorKind::timeout, id + " is still " + state + "; `firedrill fault list` tells what becomes of it");
    std::this_thread::sleep_for(kRest);
  }
}

int inject(const FaultOptions& options) {
  auto agent = agent_at(options.agent);
  if (agent.has_error()) return report_error(agent.error());
  const auto spec = spec_of(options, *agent);
  if (spec.has_error()) return report_error(spec.error());
  if (options.dry_run) {
    const json asked = {{"kind", options.kind}, {"spec", to_json(*spec)}};
    const auto plan = agent->call("POST", "/v1/faults/plan", common::base::json_text(asked));
    if (plan.has_error()) return report_error(plan.error());
    for (const auto& line : plan->at("plan")) std::printf("%s\n", line.get<std::string>().c_str());
    return 0;
  }
  listen_for_interrupts();
  protocol::TaskRequest request;
  request.run = "by-hand";
  request.kind = options.kind;
  request.id = "by-hand." + options.kind + "." + std::to_string(common::base::wall_now() / common::base::kMillisecond);
  request.spec = to_json(*spec);
  const auto created = agent->call("POST", "/v1/tasks", common::base::json_text(to_json(request)));
  if (created.has_error()) return report_error(created.error());
  const auto status = wait_while(*agent, request.id, {"accepted", "injecting", "running"}, kLongestRevert);
  if (status.has_error()) return report_error(status.error());
  std::printf("%s", fault_line(*status).c_str());
  const std::string state = status->value("state", "");
  if (state == "revert_failed") return 21;
  if (state == "failed" || state == "lost") return 20;
  if (state == "active")
    std::printf("it ends by itself after %s; sooner: firedrill fault revert %s --agent %s\n",
                common::base::duration_text(spec->duration_ms * common::base::kMillisecond).c_str(), request.id.c_str(),
                options.agent.c_str());
  return 0;
}

int list(const FaultOptions& options) {
  auto agent = agent_at(options.agent);
  if (agent.has_error()) return report_error(agent.error());
  const auto facts = agent->call("GET", "/v1/faults");
  if (facts.has_error()) return report_error(facts.error());
  const auto info = agent->call("GET", "/v1/info");
  if (info.has_error()) return report_error(info.error());
  if (options.json) {
    std::printf("%s\n", common::base::json_text(*facts, 1).c_str());
    return 0;
  }
  std::printf("%s", faults_text(*facts, *info).c_str());
  for (const auto& each : facts->at("broken"))
    if (each.value("dirty", false)) return 21;
  return 0;
}

int revert_one(Agent& agent, const std::string& id) {
  const auto asked = agent.call("POST", "/v1/tasks/" + id + "/stop", "{}");
  if (asked.has_error()) return report_error(asked.error());
  const auto status =
      wait_while(agent, id, {"accepted", "injecting", "running", "active", "reverting", "stopping"}, kLongestRevert);
  if (status.has_error()) return report_error(status.error());
  std::printf("%s", fault_line(*status).c_str());
  return status->value("state", "") == "revert_failed" ? 21 : 0;
}

int revert(const FaultOptions& options) {
  if (options.task.empty() != options.all)
    return report_error(
        fail(ErrorKind::usage, "name one fault, or say --all (and block new ones until `fault release`)"));
  auto agent = agent_at(options.agent);
  if (agent.has_error()) return report_error(agent.error());
  listen_for_interrupts();
  if (!options.all) return revert_one(*agent, options.task);
  const auto facts = agent->call("POST", "/v1/revert-all", "{}");
  if (facts.has_error()) return report_error(facts.error());
  int exit_code = 0;
  for (const auto& each : facts->at("broken"))
    exit_code = std::max(exit_code, revert_one(*agent, each.at("task").get<std::string>()));
  std::printf("new faults are blocked; `firedrill fault release` allows them again\n");
  return exit_code;
}

int release(const FaultOptions& options) {
  auto agent = agent_at(options.agent);
  if (agent.has_error()) return report_error(agent.error());
  const auto released = agent->call("POST", "/v1/release", "{}");
  if (released.has_error()) return report_error(released.error());
  std::printf("faults are allowed again\n");
  return 0;
}

int kinds(const FaultOptions& options) {
  if (options.kind.empty()) {
    std::printf("%s", kinds_text().c_str());
    return 0;
  }
  const auto* row = protocol::describe_fault(options.kind);
  if (row == nullptr) return report_error(fail(ErrorKind::usage, "there is no fault `" + options.kind + "`"));
  std::printf("%s", kind_text(*row).c_str());
  return 0;
}

}  // namespace

void add_fault(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<FaultOptions>();
  auto* command = app.add_subcommand("fault", "Break one thing by hand, see what is broken, revert it");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*does)(const FaultOptions&)) {
    auto* sub = command->add_subcommand(name, what);
    sub->callback([options, does, &exit_code] { exit_code = does(*options); });
    return sub;
  };
  const auto of_agent = [&](CLI::App* sub) {
    sub->add_option("--agent", options->agent, "the agent's address")->capture_default_str();
    return sub;
  };
  auto* injecting = of_agent(add("inject", "Inject a fault; returns when it was felt", inject));
  injecting->add_option("kind", options->kind, "`firedrill fault kinds` lists them")->required();
  injecting->add_option("--service", options->service, "declared by the agent: broker-2");
  injecting->add_option("--for", options->duration, "how long it stays, at most 1h: every fault ends by itself")
      ->required();
  injecting->add_option("--set", options->set, "a parameter: NAME=VALUE; `firedrill fault kinds KIND` lists them")
      ->take_all();
  injecting->add_option("--bootstrap", options->bootstrap,
                        "host:port,... of the cluster, for faults by Kafka's own API");
  injecting->add_option("--cluster-id", options->cluster_id,
                        "must be the one that the agent was told (default: it is)");
  injecting->add_flag("--dry-run", options->dry_run, "print the exact commands and rules; nothing is done");
  injecting->footer("Exit codes: 0 it is felt, 2 refused, 20 it was not felt, 21 it could not be reverted.");
  of_agent(add("list", "What is broken, and what the agent may break", list))
      ->add_flag("--json", options->json, "as JSON");
  auto* reverting = of_agent(add("revert", "Revert a fault now, or all of them", revert));
  reverting->add_option("task", options->task, "as `fault list` names it");
  reverting->add_flag("--all", options->all, "all, and block new ones until `fault release`");
  of_agent(add("release", "Allow faults again after `revert --all`", release));
  add("kinds", "The catalogue of faults, or one of them with its parameters", kinds)
      ->add_option("kind", options->kind, "");
}

}  // namespace cli
