#include "coordinator/agent_session.h"

#include <exception>

#include "common/base/log.h"

namespace coordinator {

using common::base::ErrorKind;
using common::protocol::TaskStatus;

namespace {
constexpr int kFirstExchanges = 12;
constexpr int kPagesAtOnce = 16;  // then other tasks have their turn
}  // namespace

AgentSession::AgentSession(std::string name, std::string url, std::string host, const SessionTiming& timing,
                           Changes& changes)
    : name_(std::move(name)), url_(std::move(url)), host_(std::move(host)), timing_(timing), changes_(changes) {
  monitor_ = std::jthread([this](const std::stop_token& stop) { monitor(stop); });
  puller_ = std::jthread([this](const std::stop_token& stop) { pull(stop); });
}

AgentSession::~AgentSession() {
  monitor_.request_stop();
  puller_.request_stop();
}

void AgentSession::watch(const std::string& task_id, const std::string& path) {
  const std::lock_guard lock(mutex_);
  tasks_.try_emplace(task_id, Watched{path, {}});
}

void AgentSession::watch(const std::string& task_id, const std::string& path, const TaskStatus& as_answered) {
  const std::lock_guard lock(mutex_);
  TaskView& view = tasks_.try_emplace(task_id, Watched{path, {}}).first->second.view;
  if (view.told) return;  // polled meanwhile, which is newer
  view.status = as_answered;
  view.told = true;
}

void AgentSession::keep_lease(const std::string& task_id, std::chrono::milliseconds lease) {
  const std::lock_guard lock(mutex_);
  leases_.try_emplace(task_id, Lease{lease, std::chrono::steady_clock::now()});
}

void AgentSession::drop_lease(const std::string& task_id) {
  const std::lock_guard lock(mutex_);
  leases_.erase(task_id);
}

TaskView AgentSession::view(const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find(task_id);
  return found == tasks_.end() ? TaskView{} : found->second.view;
}

bool AgentSession::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

std::optional<ClockEstimate> AgentSession::clock() const {
  const std::lock_guard lock(mutex_);
  return clock_;
}

void AgentSession::nap(const std::stop_token& stop, std::chrono::milliseconds span) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, stop, span, [] { return false; });
}

// ---- states, leases, clock -------------------------------------------------------------------------------------

void AgentSession::monitor(const std::stop_token& stop) {
  auto client = AgentClient::create(url_);
  if (client.has_error()) return;  // the fleet has talked to this url before
  while (!stop.stop_requested()) {
    // Leases first: they are what must not be late.
    const bool answered = renew_leases(*client) && poll_tasks(*client, stop) && measure_clock(*client);
    heard(answered);
    changes_.announce();
    nap(stop, timing_.poll);
  }
}

bool AgentSession::renew_leases(AgentClient& client) {
  std::vector<std::pair<std::string, std::chrono::milliseconds>> due;
  {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    for (auto& [id, lease] : leases_)
      if (now - lease.renewed >= lease.length / 3 - timing_.poll) due.emplace_back(id, lease.length);
  }
  for (const auto& [id, length] : due) {
    const auto renewed = client.renew_lease(id, length);
    if (renewed.has_error() && !client.answered()) return false;
    // A refusal means that the fault has ended; its status will tell.
    const std::lock_guard lock(mutex_);
    const auto found = leases_.find(id);
    if (found != leases_.end()) found->second.renewed = std::chrono::steady_clock::now();
  }
  return true;
}

std::vector<std::string> AgentSession::open_tasks() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, task] : tasks_)
    if (!task.view.told || !task.view.status.ended()) ids.push_back(id);
  return ids;
}

bool AgentSession::poll_tasks(AgentClient& client, const std::stop_token& stop) {
  const auto ids = open_tasks();
  for (const auto& id : ids) {
    if (stop.stop_requested()) return true;
    auto status = client.task(id);
    if (status.has_error() && !client.answered()) return false;
    const std::lock_guard lock(mutex_);
    TaskView& view = tasks_[id].view;
    if (status.has_value()) {
      view.status = std::move(*status);
      view.told = true;
    } else if (status.error().kind == ErrorKind::not_found && view.told) {
      // It knew the task before: the agent came back without its state directory.
      view.status.state = "lost";
      view.status.error = status.error().what;
    }
  }
  // With nothing to ask, the question is still whether anybody is there.
  if (ids.empty()) return client.exchange_clocks().has_value() || client.answered();
  return true;
}

bool AgentSession::measure_clock(AgentClient& client) {
  if (std::chrono::steady_clock::now() < next_clock_) return true;
  ClockEstimate found;
  // One host, one monotonic clock (the fleet has checked it): nothing to estimate.
  if (host_ != common::base::host_name()) {
    std::vector<ClockExchange> exchanges;
    for (int i = 0; i < kFirstExchanges; ++i) {
      const auto exchange = client.exchange_clocks();
      if (exchange.has_error() && !client.answered()) return false;
      if (exchange.has_value()) exchanges.push_back(*exchange);
    }
    const auto estimate = estimate_clock(exchanges);
    if (!estimate.has_value()) return true;
    found = aged(*estimate, common::base::Nanos{timing_.clock.count()} * common::base::kMillisecond);
  }
  next_clock_ = std::chrono::steady_clock::now() + timing_.clock;
  const std::lock_guard lock(mutex_);
  clock_ = found;
  return true;
}

void AgentSession::heard(bool answered) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (answered) last_answer_ = now;
  const bool lost = now - last_answer_ >= timing_.lost_after;
  if (lost != lost_) {
    lost_ = lost;
    common::base::log(lost ? common::base::Level::warning : common::base::Level::info,
                      lost ? "agent lost" : "agent is back", {{"agent", name_}, {"url", url_}});
  }
}

// ---- evidence ----------------------------------------------------------------------------------------------------

void AgentSession::pull(const std::stop_token& stop) {
  auto client = AgentClient::create(url_);
  if (client.has_error()) return;
  std::map<std::string, EvidencePull> sources;
  while (!stop.stop_requested()) {
    std::vector<std::pair<std::string, std::string>> wanted;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [id, task] : tasks_)
        if (task.view.told && !task.view.evidence_complete && task.view.problem.empty())
          wanted.emplace_back(id, task.path);
    }
    for (const auto& [id, path] : wanted) {
      if (stop.stop_requested()) return;
      auto source = sources.find(id);
      if (source == sources.end()) {
        auto opened = EvidencePull::open(id, path);
        if (opened.has_error()) {
          const std::lock_guard lock(mutex_);
          tasks_[id].view.problem = opened.error().what;
          continue;
        }
        source = sources.emplace(id, std::move(*opened)).first;
      }
      pull_one(*client, source->second);
    }
    changes_.announce();
    nap(stop, timing_.pull);
  }
}

void AgentSession::pull_one(AgentClient& client, EvidencePull& source) {
  const auto result = source.pull(client, kPagesAtOnce);
  const std::lock_guard lock(mutex_);
  TaskView& view = tasks_[source.task_id()].view;
  view.pulled = source.bytes();
  if (result.has_error()) {
    view.problem = result.error().what;
  } else {
    view.evidence_complete = result->complete;
  }
}

}  // namespace coordinator
