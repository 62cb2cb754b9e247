// `firedrill run --coordinator URL`: the same drill, conducted by a daemon with its fleet; this process only follows
// it.
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <utility>

#include <nlohmann/json.hpp>

#include "cli/call.h"
#include "cli/command.h"
#include "cli/interrupts.h"
#include "cli/live_display.h"
#include "cli/run_options.h"
#include "common/base/json_fields.h"
#include "common/base/json_text.h"
#include "common/http/client.h"
#include "coordinator/fleet.h"

namespace cli {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kCall = 15s;
constexpr auto kSilence = 120s;  // a coordinator that restarts is waited for this long

Result<json> ask(common::http::Client& client, const std::string& method, const std::string& path,
                 const std::string& body) {
  return call(client, "coordinator", method, path, body, kCall);
}

// Until the run has ended; what it is then.
Result<json> follow(common::http::Client& client, const std::string& path, LiveDisplay& display) {
  int heard = 0;
  auto last_answer = std::chrono::steady_clock::now();
  std::mutex mutex;
  std::condition_variable never;
  for (;;) {
    for (; heard < interrupts(); ++heard) {
      display.say(heard == 0 ? "firedrill: the coordinator is asked to revert the faults and to judge what there is"
                             : "firedrill: the coordinator is asked to revert the faults and to do nothing else");
      const auto asked = ask(client, "POST", path + "/stop", "{}");
      if (asked.has_error()) display.say("firedrill: " + asked.error().what);
    }
    const auto run = ask(client, "GET", path, "");
    const auto now = std::chrono::steady_clock::now();
    if (run.has_value()) {
      last_answer = now;
      if (run->value("state", "") == "done") return run;
      if (run->contains("live_line") && run->at("live_line").is_string())
        display.show(run->at("live_line").get<std::string>());
    } else if (run.error().kind == ErrorKind::configuration || now - last_answer > kSilence) {
      return run;
    }
    std::unique_lock lock(mutex);
    never.wait_for(lock, display.pace(), [&] { return interrupts() > heard; });
  }
}

int tell(common::http::Client& client, const RunOptions& options, const std::string& path, const json& run) {
  if (run.contains("infrastructure"))
    for (const auto& problem : run.at("infrastructure"))
      std::fprintf(stderr, "firedrill: %s\n", problem.get<std::string>().c_str());
  const std::string format = options.json ? "json" : std::string("text") + (options.all ? "&all" : "");
  const auto report = client.call("GET", path + "/report?format=" + format, "", kCall);
  if (report.has_value() && report->status < 400) std::printf("%s", report->body.c_str());
  return run.contains("exit_code") && run.at("exit_code").is_number_integer() ? run.at("exit_code").get<int>() : 20;
}

// With the agents that the coordinator would give it now; the coordinator is only asked who they are.
int dry_run(common::http::Client& client, const RunOptions& options, const coordinator::RunRequest& request) {
  const auto told = ask(client, "GET", "/v1/agents", "");
  if (told.has_error()) return report_error(told.error());
  std::vector<coordinator::FleetAgent> agents;
  for (const auto& agent : told->value("agents", json::array())) {
    if (!agent.value("answers", false)) continue;
    const auto info = common::protocol::agent_info_from(agent.value("info", json::object()));
    if (info.has_error())
      return report_error(common::base::context(info.error(), "coordinator at " + client.base_url()));
    agents.push_back({agent.value("url", ""), *info});
  }
  const auto fleet = coordinator::Fleet::of(std::move(agents));
  return fleet.has_error() ? report_error(fleet.error()) : print_plan(options, request, fleet->facts());
}

}  // namespace

int run_there(const RunOptions& options, const coordinator::RunRequest& request) {
  listen_for_interrupts();
  const std::pair<bool, const char*> not_here[] = {{!options.services.empty(), "--services"},
                                                   {!options.allow_faults.empty(), "--allow-faults"},
                                                   {!options.agents.empty(), "--agent"},
                                                   {!options.run_dir_given.empty(), "--run-dir"}};
  for (const auto& [given, name] : not_here)
    if (given)
      return report_error(fail(ErrorKind::usage, std::string(name) +
                                                     " does not go with --coordinator, which has agents "
                                                     "and a root folder of its own"));
  auto client = common::http::Client::create(options.coordinator);
  if (client.has_error()) return report_error(client.error());
  if (options.dry_run) return dry_run(**client, options, request);
  const auto created = ask(**client, "POST", "/v1/runs", common::base::json_text(to_json(request)));
  if (created.has_error()) return report_error(created.error());
  if (!options.quiet)
    std::fprintf(stderr, "firedrill: run %s on %s\n", request.id.c_str(), options.coordinator.c_str());
  const std::string path = "/v1/runs/" + request.id;
  Result<json> ended = [&] {
    LiveDisplay display(options.quiet);
    return follow(**client, path, display);
  }();
  return ended.has_error() ? report_error(ended.error()) : tell(**client, options, path, *ended);
}

}  // namespace cli
