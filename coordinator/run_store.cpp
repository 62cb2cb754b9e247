#include "coordinator/run_store.h"

#include <algorithm>
#include <filesystem>
#include <random>

#include <nlohmann/json.hpp>

#include "common/base/clock.h"
#include "common/base/json_text.h"
#include "coordinator/write_file.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

json to_json(const Fleet& fleet) {
  json agents = json::array();
  for (const auto& agent : fleet.agents()) agents.push_back({{"url", agent.url}, {"info", to_json(agent.info)}});
  return agents;
}

Result<Fleet> fleet_from(const json& value) {
  std::vector<FleetAgent> agents;
  for (const auto& item : value) {
    common::base::Problems problems;
    common::base::Fields fields(item, "", problems);
    FleetAgent agent;
    fields.required("url", agent.url);
    const json* info = fields.object("info", true);
    fields.finish();
    if (!problems.empty()) return to_error(problems);
    auto read = common::protocol::agent_info_from(*info);
    if (read.has_error()) return read.error();
    agent.info = std::move(*read);
    agents.push_back(std::move(agent));
  }
  return Fleet::of(std::move(agents));
}

Result<json> read_json(const std::string& path) {
  const auto text = read_file(path);
  if (text.has_error()) return text.error();
  auto value = common::base::parse_json(*text);
  if (value.has_error()) return common::base::context(value.error(), path);
  return value;
}

std::string folder_of(const RunDirectory& directory) {
  return fs::path(directory.path()).filename().string();
}

}  // namespace

bool RunStore::has(const std::string& folder) const {
  std::error_code ignored;
  return fs::exists(root_ + "/" + folder + "/run.json", ignored);
}

std::vector<std::string> RunStore::folders() const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(root_, error), end; !error && entry != end; entry.increment(error))
    if (has(entry->path().filename().string())) names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

Result<StoredRun> RunStore::create(const RunRequest& asked, const Fleet& fleet, const std::string& wanted_folder) {
  const std::string folder = wanted_folder.empty() ? asked.id : wanted_folder;
  if (has(folder)) {
    auto stored = open(folder);
    if (stored.has_error())
      return fail(ErrorKind::conflict,
                  "run " + asked.id + " exists, but its directory is damaged: " + stored.error().what);
    if (same_run(asked, stored->request)) return stored;
    return fail(ErrorKind::conflict, "run " + asked.id + " exists with another request: " + stored->directory.path());
  }
  RunRequest request = asked;
  if (!request.seed.has_value()) request.seed = std::random_device{}();
  // Everything that can be wrong with the request is found before anything is written.
  auto plan = plan_after_preflight(request, fleet, preflight_);
  if (plan.has_error()) return plan.error();

  // A folder without run.json is what a kill left of such an attempt: it is filled again.
  auto directory = RunDirectory::create(root_, folder);
  if (directory.has_error() && directory.error().kind == ErrorKind::conflict)
    directory = RunDirectory::open(root_ + "/" + folder);
  if (directory.has_error()) return directory.error();
  const auto written = write(*directory, request, *plan, fleet);
  if (written.has_error()) return written.error();
  return StoredRun{*directory, request, *plan, fleet, true};
}

Result<void> RunStore::write(const RunDirectory& directory, const RunRequest& request, const scenario::Plan& plan,
                             const Fleet& fleet) const {
  RunRequest without_secrets = request;
  without_secrets.client.clear();
  const std::pair<std::string, std::string> files[] = {
      {directory.scenario_file(), request.scenario},
      {directory.plan_file(), common::base::json_text(to_json(plan), 1) + "\n"},
      {directory.path() + "/request.json", common::base::json_text(to_json(without_secrets), 1) + "\n"},
      {directory.path() + "/fleet.json", common::base::json_text(to_json(fleet), 1) + "\n"},
  };
  for (const auto& [path, text] : files)
    if (auto written = write_file(path, text); written.has_error()) return written;
  if (!request.client.empty()) {
    auto written = write_file(client_file(folder_of(directory)), common::base::json_text(json(request.client)), true);
    if (written.has_error()) return written;
  }
  RunState state;
  state.run = request.id;
  state.bootstrap = request.bootstrap;
  state.host = common::base::host_name();
  state.anchor_steady_ns = common::base::steady_now();
  state.anchor_wall_ns = common::base::wall_now();
  state.started = common::base::wall_text(state.anchor_wall_ns);
  return directory.store(state);  // last: from here on the run exists
}

Result<StoredRun> RunStore::open(const std::string& folder) const {
  auto directory = RunDirectory::open(root_ + "/" + folder);
  if (directory.has_error()) return directory.error();
  const auto request_json = read_json(directory->path() + "/request.json");
  if (request_json.has_error()) return request_json.error();
  auto request = run_request_from(*request_json);
  if (request.has_error()) return common::base::context(request.error(), directory->path() + "/request.json");
  std::error_code ignored;
  if (fs::exists(client_file(folder), ignored)) {
    const auto client = read_json(client_file(folder));
    if (client.has_error()) return client.error();
    for (const auto& [name, value] : client->items()) {
      if (!client->is_object() || !value.is_string())  // what it is is not told: it may be a password
        return fail(ErrorKind::configuration, client_file(folder) + ": is no object of strings");
      request->client[name] = value;
    }
  }
  const auto plan_json = read_json(directory->plan_file());
  if (plan_json.has_error()) return plan_json.error();
  auto plan = scenario::plan_from(*plan_json);
  if (plan.has_error()) return common::base::context(plan.error(), directory->plan_file());
  const auto fleet_json = read_json(directory->path() + "/fleet.json");
  if (fleet_json.has_error()) return fleet_json.error();
  auto fleet = fleet_from(*fleet_json);
  if (fleet.has_error()) return common::base::context(fleet.error(), directory->path() + "/fleet.json");
  return StoredRun{*directory, std::move(*request), std::move(*plan), std::move(*fleet), false};
}

}  // namespace coordinator
