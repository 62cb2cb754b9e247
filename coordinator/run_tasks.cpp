#include "coordinator/run_tasks.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/base/assert.h"
#include "common/base/json_text.h"
#include "common/base/log.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using common::protocol::TaskRequest;
using common::protocol::TaskStatus;
using nlohmann::json;

namespace {

bool is_fault(const std::string& kind) {
  return kind == "kill" || kind == "stop" || kind == "pause" || kind == "restart";
}

// Client properties hold passwords: they travel, but they are not stored with the run, which people attach to reports.
TaskRequest with_client(TaskRequest request, const common::protocol::Properties& client) {
  const auto cluster = request.spec.find("cluster");
  if (cluster != request.spec.end()) (*cluster)["client"] = client;
  return request;
}

}  // namespace

RunTasks::RunTasks(RunRecord& record, const Fleet& fleet, common::protocol::Properties client,
                   const SessionTiming& timing, Changes& changes)
    : record_(record), client_(std::move(client)), changes_(changes) {
  for (const auto& agent : fleet.agents()) {
    auto made = AgentClient::create(agent.url);
    FIREDRILL_ASSERT(made.has_value());  // the fleet has talked to it
    clients_.emplace(agent.info.name, std::move(*made));
    sessions_.emplace(agent.info.name,
                      std::make_unique<AgentSession>(agent.info.name, agent.url, agent.info.host, timing, changes));
  }
}

void RunTasks::attach() {
  for (auto& [name, task] : record_.state().tasks) {
    const auto session = sessions_.find(task.agent);
    if (session == sessions_.end()) {
      record_.problem("agent " + task.agent + " of task " + name + " is no longer in the fleet");
      continue;
    }
    task.url = session->second->url();
    if (!task.evidence_complete) session->second->watch(id_of(name), record_.directory().evidence_file(name));
  }
}

Result<TaskStatus> RunTasks::start(const std::string& name, const std::string& agent, const std::string& kind,
                                   const json& spec, std::chrono::milliseconds patience) {
  auto& tasks = record_.state().tasks;
  if (tasks.count(name) == 0) {
    const TaskRequest request{id_of(name), record_.state().run, kind, spec};
    TaskRecord task;
    task.agent = agent;
    task.url = sessions_.at(agent)->url();
    task.kind = kind;
    task.request = common::base::json_text(to_json(request));
    task.state = "asked";
    tasks.emplace(name, std::move(task));
    // Stored before it is asked for: after a kill we ask again instead of forgetting a task that runs.
    if (!record_.save()) return fail(ErrorKind::infrastructure, "task " + name + " not started: the disk is full");
  }
  TaskRecord& task = tasks.at(name);
  const auto parsed = common::base::parse_json(task.request);
  if (parsed.has_error()) return parsed.error();
  auto request = common::protocol::task_request_from(*parsed);
  if (request.has_error()) return request.error();

  const auto whole = with_client(std::move(*request), client_);
  auto status = ask(task.agent, patience, [&](AgentClient& client) { return client.create_task(whole); });
  if (status.has_error()) {
    task.state = "refused";
    task.error = status.error().what;
    task.evidence_complete = true;  // there is none
    record_.save();
    return status;
  }
  sessions_.at(task.agent)->watch(id_of(name), record_.directory().evidence_file(name), *status);
  sync_task(name, task);
  record_.save();
  return status;
}

Result<TaskStatus> RunTasks::ask(const std::string& agent, std::chrono::milliseconds patience,
                                 const std::function<Answer(AgentClient&)>& question) {
  AgentClient& client = clients_.at(agent);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto seen = changes_.count();
    auto status = question(client);
    if (status.has_value() || client.answered()) return status;
    if (std::chrono::steady_clock::now() >= deadline)
      return common::base::context(status.error(), "agent " + agent + " does not answer");
    changes_.wait_beyond(seen, deadline);
  }
}

void RunTasks::ask_stop(const std::string& name) {
  if (!known(name) || ended(name)) return;
  auto& client = clients_.at(agent_of(name));
  const auto status = client.stop_task(id_of(name));
  if (status.has_error()) {
    common::base::log(common::base::Level::warning, "task not stopped", {{"task", name}, {"why", status.error().what}});
  }
}

Result<void> RunTasks::happen(const std::string& name, const common::protocol::TaskEvent& event,
                              std::chrono::milliseconds patience) {
  if (!known(name)) return fail(ErrorKind::not_found, "task " + name + " was not started");
  const auto asked =
      ask(agent_of(name), patience, [&](AgentClient& client) { return client.happen(id_of(name), event); });
  if (asked.has_error()) return asked.error();
  return {};
}

bool RunTasks::unanswered(const std::string& name) const {
  return known(name) && !clients_.at(agent_of(name)).answered();
}

TaskView RunTasks::view(const std::string& name) const {
  const auto found = record_.state().tasks.find(name);
  if (found == record_.state().tasks.end()) return {};
  const auto session = sessions_.find(found->second.agent);
  if (session == sessions_.end()) return {};
  return session->second->view(id_of(name));
}

bool RunTasks::ended(const std::string& name) const {
  const auto found = record_.state().tasks.find(name);
  if (found == record_.state().tasks.end() || found->second.state == "refused") return true;
  const auto seen = view(name);
  if (seen.told) return seen.status.ended();
  TaskStatus stored;
  stored.state = found->second.state;
  return stored.ended();
}

std::string RunTasks::answering_agent(const std::string& preferred) const {
  const auto first = sessions_.find(preferred);
  if (first != sessions_.end() && !first->second->lost()) return preferred;
  for (const auto& [name, session] : sessions_)
    if (!session->lost()) return name;
  return "";
}

std::vector<std::string> RunTasks::incomplete() const {
  std::vector<std::string> names;
  for (const auto& [name, task] : record_.state().tasks)
    if (!task.evidence_complete) names.push_back(name);
  return names;
}

// ---- what the sessions learned ---------------------------------------------------------------------------------

bool RunTasks::sync() {
  sync_agents();
  bool changed = false;
  for (auto& [name, task] : record_.state().tasks)
    if (sessions_.count(task.agent) != 0 && sync_task(name, task)) changed = true;
  if (changed) record_.save();
  return changed;
}

void RunTasks::sync_agents() {
  for (const auto& [name, session] : sessions_) {
    if (session->lost() && lost_agents_.insert(name).second) {
      record_.problem("agent " + name + " at " + session->url() + " was lost: it did not answer");
    } else if (!session->lost() && lost_agents_.erase(name) != 0) {
      record_.event("agent back", {{"agent", name}});
    }
    sync_clock(*session);
  }
}

void RunTasks::sync_clock(AgentSession& session) {
  const auto estimate = session.clock();
  if (!estimate.has_value()) return;
  // A history takes the hull of all estimates of a host, so one a minute follows the drift of a long soak.
  constexpr Nanos kEvery = 60 * common::base::kSecond;
  const Nanos now = common::base::steady_now();
  const auto [written, first] = clock_written_.try_emplace(session.host(), now);
  if (!first && (now - written->second < kEvery || session.host() == record_.state().host)) return;
  written->second = now;
  record_.evidence().clock(session.host(), *estimate);
}

bool RunTasks::sync_task(const std::string& name, TaskRecord& task) {
  const auto seen = view(name);
  task.pulled_bytes = std::max(task.pulled_bytes, seen.pulled);
  if (!seen.problem.empty()) record_.problem("evidence of task " + name + ": " + seen.problem);
  const bool completed = seen.evidence_complete && !task.evidence_complete;
  if (completed) task.evidence_complete = true;
  if (!seen.told || seen.status.state == task.state) return completed;
  task.state = seen.status.state;
  task.error = seen.status.error;
  record_.event("task " + task.state, {{"task", name}, {"agent", task.agent}, {"error", task.error}});
  if (task.state == "lost") {
    record_.problem("agent " + task.agent + " was killed while task " + name + " ran");
  } else if (task.state == "failed" && !is_fault(task.kind) && name != "remove-topics") {
    record_.problem("task " + name + " on agent " + task.agent + " failed: " + task.error);
  } else if (task.state == "revert_failed") {
    record_.state().revert_failed = true;
    record_.problem("fault " + name + " on agent " + task.agent + " was not reverted: " + task.error);
  }
  return true;
}

}  // namespace coordinator
