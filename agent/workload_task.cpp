#include "agent/workload_task.h"

#include <exception>

#include <nlohmann/json.hpp>

#include "common/base/clock.h"
#include "common/base/log.h"

namespace agent {

namespace base = common::base;
namespace protocol = common::protocol;
namespace evidence = workloads::evidence;

namespace {
// An agent's ids are one space for all runs, so a coordinator calls its tasks RUN.TASK; evidence is one run's, and
// there the task is known by its own name.
std::string name_in_run(const protocol::TaskRequest& request) {
  const std::string prefix = request.run + ".";
  return request.id.compare(0, prefix.size(), prefix) == 0 ? request.id.substr(prefix.size()) : request.id;
}
}  // namespace

base::Result<std::shared_ptr<Task>> WorkloadTask::start(const workloads::WorkloadKind& kind,
                                                        const protocol::TaskRequest& request, const std::string& host,
                                                        const TaskFiles& files) {
  auto writer = evidence::SegmentWriter::create(files.evidence_path());
  if (writer.has_error()) return writer.error();
  evidence::SegmentWriter& lent = **writer;
  std::shared_ptr<WorkloadTask> task(new WorkloadTask(request, files, std::move(*writer)));
  auto workload =
      kind.make(request.spec, {name_in_run(request), request.run, host, lent, base::SteadyClock::instance()});
  if (workload.has_error()) return base::context(workload.error(), "spec of `" + request.kind + "`");
  task->workload_ = std::move(*workload);
  task->cell_.update([](protocol::TaskStatus& status) { status.state = "running"; });
  task->thread_ = std::jthread([raw = task.get()](std::stop_token stop) { raw->run(stop); });
  return std::shared_ptr<Task>(std::move(task));
}

WorkloadTask::WorkloadTask(const protocol::TaskRequest& request, const TaskFiles& files,
                           std::unique_ptr<evidence::SegmentWriter> writer)
    : files_(files), writer_(std::move(writer)), cell_([&] {
        protocol::TaskStatus status;
        status.id = request.id;
        status.run = request.run;
        status.kind = request.kind;
        return status;
      }()) {}

WorkloadTask::~WorkloadTask() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

protocol::TaskStatus WorkloadTask::status() const {
  auto status = cell_.get();
  if (status.ended()) return status;
  status.evidence_bytes = writer_->written_bytes();
  const std::lock_guard lock(mutex_);
  if (workload_) status.progress = workload_->progress();
  return status;
}

void WorkloadTask::stop() {
  cell_.update([](protocol::TaskStatus& status) {
    if (!status.ended()) status.state = "stopping";
  });
  thread_.request_stop();
}

base::Result<void> WorkloadTask::renew_lease(std::chrono::milliseconds) {
  return base::fail(base::ErrorKind::configuration, "only a fault has a lease; " + cell_.get().id + " is a workload");
}

base::Result<bool> WorkloadTask::happen(const protocol::TaskEvent& event) {
  constexpr std::size_t kMost = 1000;
  const auto status = cell_.get();
  const std::lock_guard lock(mutex_);
  if (const auto known = events_.find(event.id); known != events_.end()) {
    if (known->second == event) return false;
    return base::fail(base::ErrorKind::conflict,
                      "event " + event.id + " of task " + status.id + " exists with another body");
  }
  if (!workload_ || status.state != "running")
    return base::fail(base::ErrorKind::conflict,
                      "task " + status.id + " is " + status.state + ": nothing happens to it");
  if (events_.size() >= kMost)
    return base::fail(base::ErrorKind::limit, "task " + status.id + " had " + std::to_string(kMost) + " events");
  if (auto taken = workload_->happen(event); taken.has_error()) return taken.error();
  events_.emplace(event.id, event);
  base::log(base::Level::info, "event", {{"task", status.id}, {"event", event.event}, {"id", event.id}});
  return true;
}

base::Result<void> WorkloadTask::run_workload(std::stop_token stop) {
  try {
    return workload_->run(stop);
  } catch (const std::exception& error) {  // the edge of this thread
    return base::fail(base::ErrorKind::infrastructure, std::string("this is a bug: it threw: ") + error.what());
  }
}

void WorkloadTask::run(std::stop_token stop) {
  auto outcome = run_workload(stop);
  protocol::TaskStatus final = cell_.get();
  final.progress = workload_->progress();
  {
    std::unique_ptr<workloads::Workload> ended;
    const std::lock_guard lock(mutex_);
    ended.swap(workload_);
  }
  // What was not written down did not happen as far as the judge can know: the task cannot be called done then.
  if (auto closed = writer_->close(); closed.has_error() && !outcome.has_error()) outcome = closed.error();
  final.state = outcome.has_error() ? "failed" : "done";
  if (outcome.has_error()) final.error = outcome.error().what;
  final.evidence_bytes = writer_->written_bytes();
  final.evidence_complete = true;
  if (auto saved = files_.save_status(final); saved.has_error())
    base::log(base::Level::error, "status not saved", {{"task", final.id}, {"error", saved.error().what}});
  base::log(outcome.has_error() ? base::Level::warning : base::Level::info, "task " + final.state,
            {{"task", final.id}, {"kind", final.kind}, {"error", final.error}});
  cell_.update([&](protocol::TaskStatus& status) { status = final; });
}

}  // namespace agent
