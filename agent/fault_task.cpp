#include "agent/fault_task.h"

#include <exception>

#include <nlohmann/json.hpp>

#include "agent/fault_evidence.h"
#include "common/base/log.h"
#include "workloads/evidence/event.h"

namespace agent {

namespace base = common::base;
namespace protocol = common::protocol;
using workloads::evidence::FaultState;
using workloads::evidence::SegmentWriter;

namespace {

const char* name_of(FaultState state) {
  switch (state) {
    case FaultState::planned:
      return "planned";
    case FaultState::injecting:
      return "injecting";
    case FaultState::active:
      return "active";
    case FaultState::reverting:
      return "reverting";
    case FaultState::reverted:
      return "reverted";
    case FaultState::failed:
      return "failed";
  }
  return "";
}

}  // namespace

base::Result<std::shared_ptr<Task>> FaultTask::start(const protocol::TaskRequest& request,
                                                     std::unique_ptr<faults::FaultRun> run,
                                                     const faults::Journal& journal, const TaskFiles& files,
                                                     FaultSurroundings surroundings) {
  auto writer = SegmentWriter::create(files.evidence_path());
  if (writer.has_error()) return writer.error();
  std::shared_ptr<FaultTask> task(
      new FaultTask(request, std::move(run), journal, files, std::move(surroundings), std::move(*writer)));
  task->thread_ = std::jthread([raw = task.get()](std::stop_token stop) { raw->run(stop); });
  return std::shared_ptr<Task>(std::move(task));
}

FaultTask::FaultTask(const protocol::TaskRequest& request, std::unique_ptr<faults::FaultRun> run,
                     const faults::Journal& journal, const TaskFiles& files, FaultSurroundings surroundings,
                     std::unique_ptr<SegmentWriter> writer)
    : run_(std::move(run)),
      journal_(journal),
      files_(files),
      surroundings_(std::move(surroundings)),
      writer_(std::move(writer)),
      cell_([&] {
        protocol::TaskStatus status;
        status.id = request.id;
        status.run = request.run;
        status.kind = request.kind;
        status.progress["service"] = run_->record().service;
        return status;
      }()) {}

FaultTask::~FaultTask() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
}

base::Result<void> FaultTask::renew_lease(std::chrono::milliseconds lease) {
  const auto status = cell_.get();
  if (status.ended())
    return base::fail(base::ErrorKind::conflict, "fault " + status.id + " has ended (" + status.state + ")");
  run_->renew(lease);
  return {};
}

void FaultTask::happened(const faults::FaultHappening& happening) {
  add_happening(*writer_, run_->record(), surroundings_.host, happening);
  const auto flushed = writer_->flush();
  const std::string state = name_of(happening.state);
  base::log(base::Level::info, "fault " + state,
            {{"task", run_->record().task}, {"service", run_->record().service}, {"proof", happening.proof}});
  cell_.update([&](protocol::TaskStatus& status) {
    // The end is told by run(), when the evidence is complete.
    if (happening.state != FaultState::reverted && happening.state != FaultState::failed) status.state = state;
    if (!happening.proof.empty()) status.progress[state] = happening.proof;
    status.evidence_bytes = writer_->written_bytes();
    if (flushed.has_error()) status.error = flushed.error().what;
  });
}

base::Result<void> FaultTask::run_fault(std::stop_token stop) {
  try {
    return run_->run(
        stop, {[this](const faults::FaultHappening& happening) { happened(happening); }, surroundings_.must_end});
  } catch (const std::exception& error) {  // the edge of this thread
    return base::fail(base::ErrorKind::infrastructure, std::string("this is a bug: it threw: ") + error.what());
  }
}

void FaultTask::run(std::stop_token stop) {
  const auto outcome = run_fault(stop);
  const auto& record = run_->record();
  const auto closed = writer_->close();
  protocol::TaskStatus final = cell_.get();
  final.state = !record.reverted() ? "revert_failed" : outcome.has_error() || closed.has_error() ? "failed" : "done";
  final.error.clear();
  if (closed.has_error()) final.error = closed.error().what;
  if (outcome.has_error()) final.error = outcome.error().what;
  if (!record.reverted()) final.error = record.proof;
  final.evidence_bytes = writer_->written_bytes();
  final.evidence_complete = true;
  if (auto saved = files_.save_status(final); saved.has_error())
    base::log(base::Level::error, "status not saved", {{"task", final.id}, {"error", saved.error().what}});
  if (record.reverted() && !closed.has_error()) {
    if (auto removed = journal_.remove(record); removed.has_error())
      base::log(base::Level::warning, "journal", {{"task", final.id}, {"error", removed.error().what}});
  }
  surroundings_.ended(record);
  cell_.update([&](protocol::TaskStatus& status) { status = final; });
}

}  // namespace agent
