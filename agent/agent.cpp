#include "agent/agent.h"

#include "agent/api.h"
#include "agent/workload_task.h"
#include "common/base/json_fields.h"
#include "common/base/log.h"

namespace agent {

namespace base = common::base;
namespace protocol = common::protocol;
using std::chrono::steady_clock;

namespace {

base::Error unknown_kind(const std::string& kind) {
  std::vector<std::string> known;
  for (const auto& workload : workloads::workload_kinds()) known.emplace_back(workload.name);
  for (const auto& fault : faults::fault_kinds()) known.emplace_back(fault.name());
  const std::string meant = base::nearest(kind, known);
  return base::fail(base::ErrorKind::configuration, "field `kind` names no workload and no fault: `" + kind + "`" +
                                                        (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
}

std::string ids_of(const std::vector<std::shared_ptr<Task>>& tasks) {
  std::string ids;
  for (const auto& task : tasks) ids += (ids.empty() ? "" : ", ") + task->status().id;
  return ids;
}

}  // namespace

base::Result<std::unique_ptr<Agent>> Agent::start(const AgentConfig& config) {
  auto lock = base::FileLock::take_folder(config.state_folder, "agent");
  if (lock.has_error()) return lock.error();
  std::unique_ptr<Agent> agent(new Agent(config, std::move(*lock)));
  if (auto opened = agent->open(); opened.has_error()) return opened.error();
  return agent;
}

Agent::Agent(const AgentConfig& config, base::FileLock lock) : config_(config), lock_(std::move(lock)) {}

base::Result<void> Agent::open() {
  auto desk = FaultDesk::open(config_);
  if (desk.has_error()) return desk.error();
  desk_ = std::move(*desk);
  table_ = std::make_unique<TaskTable>(
      config_.state_folder + "/tasks", TaskLimits(),
      [this](const protocol::TaskRequest& request, const TaskFiles& files) -> base::Result<std::shared_ptr<Task>> {
        if (const auto* workload = workloads::find_workload(request.kind))
          return WorkloadTask::start(*workload, request, config_.host, files);
        if (const auto* fault = faults::find_fault(request.kind)) return desk_->start(*fault, request, files);
        return unknown_kind(request.kind);
      });
  if (auto restored = table_->restore(); restored.has_error()) return restored;
  desk_->settle_swept(*table_);

  common::http::ServerOptions options;
  options.address = config_.address;
  options.port = config_.port;
  options.threads = 6;  // two may wait for a fault being planned, two for a cluster; leases are still renewed
  auto server = common::http::Server::start(options, routes({config_, *table_, *desk_}));
  if (server.has_error()) return server.error();
  server_ = std::move(*server);
  desk_->control_port(server_->port());
  base::log(base::Level::info, "agent ready",
            {{"name", config_.name}, {"url", url()}, {"state", config_.state_folder}});
  return {};
}

Agent::~Agent() {
  if (server_) [[maybe_unused]]
    const auto stopped = stop();
  server_.reset();
  if (desk_) desk_->finish_cleaning();
  table_.reset();
}

std::string Agent::url() const {
  const bool six = config_.address.find(':') != std::string::npos;
  return "http://" + (six ? "[" + config_.address + "]" : config_.address) + ":" + std::to_string(server_->port());
}

base::Result<void> Agent::stop() {
  table_->close();
  std::vector<std::shared_ptr<Task>> faults;
  std::vector<std::shared_ptr<Task>> workloads;
  for (const auto& task : table_->all()) {
    const auto status = task->status();
    if (status.ended() && status.state != "revert_failed") continue;
    (faults::find_fault(status.kind) ? faults : workloads).push_back(task);
  }
  for (const auto& task : faults) task->stop();
  // Each has its own deadline (the service's), and none is given up: nothing is left behind.
  for (const auto& task : faults) {
    while (!task->wait_ended(steady_clock::now() + std::chrono::minutes(1))) continue;
  }
  for (const auto& task : workloads) task->stop();
  const auto deadline = steady_clock::now() + config_.workload_patience;
  std::erase_if(workloads, [&](const auto& task) { return task->wait_ended(deadline); });
  std::erase_if(faults, [](const auto& task) { return task->status().state != "revert_failed"; });
  server_->stop();
  if (!faults.empty())
    return base::fail(base::ErrorKind::infrastructure, "this host is dirty; not reverted: " + ids_of(faults));
  if (!workloads.empty())
    return base::fail(base::ErrorKind::timeout, "these workloads did not end in time: " + ids_of(workloads));
  return {};
}

}  // namespace agent
