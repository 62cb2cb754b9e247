#include "coordinator/agent_registry.h"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "common/base/log.h"
#include "coordinator/write_file.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {
constexpr std::size_t kMostAgents = 500;
constexpr auto kEvery = 2s;
constexpr auto kAnswer = 1s;
}  // namespace

Result<std::unique_ptr<AgentRegistry>> AgentRegistry::open(const std::string& root,
                                                           std::function<void(const std::string&)> back) {
  std::unique_ptr<AgentRegistry> registry(new AgentRegistry(root + "/agents.json", std::move(back)));
  const auto loaded = registry->load();
  if (loaded.has_error()) return loaded.error();
  registry->watcher_ = std::jthread([raw = registry.get()](const std::stop_token& stop) { raw->watch(stop); });
  return registry;
}

AgentRegistry::AgentRegistry(std::string file, std::function<void(const std::string&)> back)
    : file_(std::move(file)), back_(std::move(back)) {}

AgentRegistry::~AgentRegistry() {
  watcher_.request_stop();
}

Result<void> AgentRegistry::load() {
  std::error_code ignored;
  if (!std::filesystem::exists(file_, ignored)) return {};
  const auto text = read_file(file_);
  if (text.has_error()) return text.error();
  const auto value = common::base::parse_json(*text);
  if (value.has_error()) return common::base::context(value.error(), file_);
  if (!value->is_array()) return fail(ErrorKind::configuration, file_ + ": is no list of agents");
  for (const auto& item : *value) {
    common::base::Problems problems;
    common::base::Fields fields(item, "", problems);
    std::string url;
    fields.required("url", url);
    const json* told = fields.object("info", true);
    fields.finish();
    if (!problems.empty()) return common::base::context(to_error(problems), file_);
    auto info = common::protocol::agent_info_from(*told);
    if (info.has_error()) return common::base::context(info.error(), file_);
    // Whether it answers is found out; until then it counts as away, so that its coming back is noticed.
    known_.push_back({{url, std::move(*info)}, false});
  }
  return {};
}

Result<void> AgentRegistry::store(const std::vector<Known>& known) const {
  json all = json::array();
  for (const auto& one : known)
    all.push_back({{"url", one.agent.url}, {"info", common::protocol::to_json(one.agent.info)}});
  return write_file(file_, common::base::json_text(all, 1) + "\n");
}

Result<FleetAgent> AgentRegistry::add(const std::string& url, std::chrono::milliseconds timeout) {
  auto asked = ask_agent(url, timeout);
  if (asked.has_error()) return asked;
  const std::lock_guard lock(mutex_);
  auto known = known_;
  std::erase_if(known, [&](const Known& one) {
    // The same agent at a new address, or another one at this address: the newer knowledge holds.
    return one.agent.url == url || (one.agent.info.name == asked->info.name && !one.answers);
  });
  if (known.size() >= kMostAgents) return fail(ErrorKind::limit, "no more than 500 agents can be registered");
  known.push_back({*asked, true});
  std::vector<FleetAgent> together;
  for (const auto& one : known) together.push_back(one.agent);
  const auto compatible = Fleet::of(together);
  if (compatible.has_error()) return compatible.error();
  const auto stored = store(known);
  if (stored.has_error()) return stored.error();
  known_ = std::move(known);
  return asked;
}

Result<Fleet> AgentRegistry::fleet() const {
  std::vector<FleetAgent> agents;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& one : known_)
      if (one.answers) agents.push_back(one.agent);
  }
  if (agents.empty()) return fail(ErrorKind::conflict, "no registered agent answers: POST /v1/agents {\"url\": ...}");
  return Fleet::of(std::move(agents));
}

json AgentRegistry::to_json() const {
  const std::lock_guard lock(mutex_);
  json all = json::array();
  for (const auto& one : known_)
    all.push_back(
        {{"url", one.agent.url}, {"answers", one.answers}, {"info", common::protocol::to_json(one.agent.info)}});
  return all;
}

void AgentRegistry::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<std::string> urls;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& one : known_) urls.push_back(one.agent.url);
    }
    for (const auto& url : urls) {
      if (stop.stop_requested()) return;
      const auto asked = ask_agent(url, kAnswer);
      std::string came_back;
      {
        const std::lock_guard lock(mutex_);
        const auto found =
            std::find_if(known_.begin(), known_.end(), [&](const Known& one) { return one.agent.url == url; });
        if (found == known_.end()) continue;
        if (asked.has_value() && !found->answers) came_back = found->agent.info.name;
        found->answers = asked.has_value();
        if (asked.has_value()) found->agent.info = asked->info;
      }
      if (!came_back.empty()) back_(came_back);
    }
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop, kEvery, [] { return false; });
  }
}

}  // namespace coordinator
