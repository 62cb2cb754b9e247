#include "coordinator/run_registry.h"

#include <filesystem>

#include <nlohmann/json.hpp>

#include "common/base/log.h"
#include "common/protocol/task.h"
#include "coordinator/run_json.h"
#include "coordinator/write_file.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using nlohmann::json;

namespace {
constexpr std::size_t kMostRunning = 16;  // each has two threads an agent

Result<json> report_of(const RunDirectory& directory) {
  const auto text = read_file(directory.report_file());
  if (text.has_error()) return text.error();
  auto report = common::base::parse_json(*text);
  if (report.has_error()) return common::base::context(report.error(), directory.report_file());
  if (!report->is_object()) return fail(ErrorKind::configuration, directory.report_file() + ": is no object");
  return report;
}
}  // namespace

RunRegistry::RunRegistry(std::string root, ConductorTiming timing, Judge judge, Preflight preflight)
    : store_(std::move(root), std::move(preflight)), timing_(timing), judge_(std::move(judge)) {}

RunRegistry::~RunRegistry() = default;

void RunRegistry::continue_unfinished() {
  for (const auto& folder : store_.folders()) {
    const auto stored = store_.open(folder);
    const auto state = stored.has_value() ? stored->directory.state() : Result<RunState>(stored.error());
    if (state.has_error()) {
      not_continued(folder, state.error().what);
      continue;
    }
    if (state->state == "done") continue;
    common::base::log(common::base::Level::info, "run continued", {{"run", folder}, {"state", state->state}});
    const auto conducted = conduct(*stored);
    if (conducted.has_error()) not_continued(folder, conducted.error().what);
  }
}

void RunRegistry::not_continued(const std::string& run, const std::string& why) {
  common::base::log(common::base::Level::error, "run not continued", {{"run", run}, {"why", why}});
  const std::lock_guard lock(mutex_);
  not_continued_[run] = why;
}

void RunRegistry::collect_from(const std::string& agent) {
  for (const auto& folder : store_.folders()) {
    if (live(folder) != nullptr) continue;
    const auto stored = store_.open(folder);
    if (stored.has_error()) continue;
    const auto state = stored->directory.state();
    if (state.has_error() || state->state != "done") continue;
    bool missing = false;
    for (const auto& [name, task] : state->tasks) missing = missing || (task.agent == agent && !task.evidence_complete);
    if (!missing) continue;
    common::base::log(common::base::Level::info, "late evidence is pulled", {{"run", folder}, {"agent", agent}});
    const auto conducted = conduct(*stored);
    if (conducted.has_error())
      common::base::log(common::base::Level::error, "not pulled", {{"run", folder}, {"why", conducted.error().what}});
  }
}

Result<void> RunRegistry::conduct(const StoredRun& stored) {
  reap();
  const std::lock_guard lock(mutex_);
  const std::string& run = stored.plan.run;
  if (closed_) return fail(ErrorKind::conflict, "the coordinator is stopping");
  if (conductors_.count(run) != 0) return {};
  if (conductors_.size() >= kMostRunning) return fail(ErrorKind::limit, "16 runs go on already");
  auto conductor = Conductor::create(
      {stored.directory, stored.plan, stored.fleet, stored.request.bootstrap, stored.request.client, timing_, judge_});
  if (conductor.has_error()) return conductor.error();
  (*conductor)->start();
  conductors_.emplace(run, std::move(*conductor));
  return {};
}

void RunRegistry::reap() {
  std::vector<Live> ended;  // destroyed without the lock: a conductor joins its threads
  const std::lock_guard lock(mutex_);
  for (auto entry = conductors_.begin(); entry != conductors_.end();) {
    if (!entry->second->wait_for(std::chrono::milliseconds(0))) {
      ++entry;
      continue;
    }
    ended.push_back(std::move(entry->second));
    entry = conductors_.erase(entry);
  }
}

RunRegistry::Live RunRegistry::live(const std::string& run) const {
  const std::lock_guard lock(mutex_);
  const auto found = conductors_.find(run);
  if (found == conductors_.end() || found->second->wait_for(std::chrono::milliseconds(0))) return nullptr;
  return found->second;
}

Result<json> RunRegistry::create(const RunRequest& request, const Fleet& fleet, bool& fresh) {
  const auto stored = store_.create(request, fleet);
  if (stored.has_error()) return stored.error();
  fresh = stored->fresh;
  if (fresh) {
    const auto conducted = conduct(*stored);
    if (conducted.has_error()) return conducted.error();
  }
  return describe(request.id);
}

bool RunRegistry::has(const std::string& run) const {
  return common::protocol::valid_id(run) && store_.has(run);
}

Result<RunDirectory> RunRegistry::directory(const std::string& run) const {
  if (!has(run)) return fail(ErrorKind::not_found, "there is no run " + run);
  auto directory = RunDirectory::open(store_.root() + "/" + run);
  if (directory.has_error()) return fail(ErrorKind::conflict, "run " + run + " is damaged: " + directory.error().what);
  return directory;
}

Result<json> RunRegistry::describe(const std::string& run) const {
  if (!has(run)) return fail(ErrorKind::not_found, "there is no run " + run);
  if (const auto conductor = live(run); conductor != nullptr) {
    // One that is done has its verdict in its files already, though its conductor may not have gone yet.
    if (const auto state = conductor->state(); state.state != "done")
      return Result<json>(common::base::in_place, run_json(state, conductor->live()));
  }
  const auto folder = RunDirectory::open(store_.root() + "/" + run);
  const auto state = folder.has_value() ? folder->state() : Result<RunState>(folder.error());
  if (state.has_error()) return Result<json>(common::base::in_place, damaged_run_json(run, state.error().what));
  json value = run_json(*state, std::nullopt);
  if (state->state == "done") {
    const auto report = report_of(*folder);
    if (report.has_value()) add_verdict(value, *report);
    // None at all is no damage: a run that could not be judged has none, and says why.
    if (report.has_error() && report.error().kind != ErrorKind::not_found) value["damage"] = report.error().what;
  } else {
    const std::lock_guard lock(mutex_);
    if (const auto known = not_continued_.find(run); known != not_continued_.end())
      value["damage"] = "nobody conducts it: " + known->second;
  }
  return Result<json>(common::base::in_place, std::move(value));
}

json RunRegistry::list() const {
  json all = json::array();
  for (const auto& folder : store_.folders()) {
    const auto one = describe(folder);
    if (one.has_error()) continue;
    json brief;
    for (const char* field : {"id", "state", "phase", "started", "verdict", "exit_code", "damage"})
      brief[field] = one->at(field);
    all.push_back(std::move(brief));
  }
  return all;
}

Result<void> RunRegistry::stop(const std::string& run) {
  if (!has(run)) return fail(ErrorKind::not_found, "there is no run " + run);
  if (const auto conductor = live(run); conductor != nullptr) conductor->abort();
  return {};  // what has ended is stopped already
}

Result<void> RunRegistry::go(const std::string& run, const std::string& hold) {
  if (!has(run)) return fail(ErrorKind::not_found, "there is no run " + run);
  if (!common::protocol::valid_id(hold)) return fail(ErrorKind::configuration, "`" + hold + "` is no name of a hold");
  const auto conductor = live(run);
  if (conductor == nullptr) return fail(ErrorKind::conflict, "run " + run + " does not go on");
  conductor->go(hold);
  return {};
}

bool RunRegistry::suspend_all(std::chrono::milliseconds patience) {
  std::map<std::string, Live> all;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    all = conductors_;
  }
  for (const auto& [run, conductor] : all) conductor->suspend();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  bool rested = true;
  for (const auto& [run, conductor] : all) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    rested = conductor->wait_for(std::max(left, std::chrono::milliseconds(0))) && rested;
  }
  return rested;
}

}  // namespace coordinator
