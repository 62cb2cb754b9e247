#include "agent/task_table.h"

#include "agent/ended_task.h"
#include "agent/fault_evidence.h"
#include "agent/faults/durable_file.h"
#include "common/base/log.h"
#include "workloads/evidence/segment_writer.h"

namespace agent {

namespace base = common::base;
namespace protocol = common::protocol;
using workloads::evidence::FaultState;
using workloads::evidence::SegmentWriter;

TaskTable::TaskTable(std::string folder, TaskLimits limits, Start start)
    : folder_(std::move(folder)), limits_(limits), start_(std::move(start)) {}

base::Result<void> TaskTable::restore() {
  if (auto made = faults::make_folder(folder_); made.has_error()) return made;
  for (const auto& id : TaskFiles::ids(folder_)) {
    const TaskFiles files(folder_, id);
    const auto request = files.request();
    if (request.has_error()) {  // killed before it had written its request: nobody was told that it exists
      base::log(base::Level::warning, "not a task; left alone",
                {{"folder", folder_ + "/" + id}, {"error", request.error().what}});
      continue;
    }
    auto status = files.final_status();
    if (!status) {
      status = lost_status(*request);
      if (auto saved = files.save_status(*status); saved.has_error())
        base::log(base::Level::error, "status not saved", {{"task", id}, {"error", saved.error().what}});
    }
    status->evidence_bytes = files.evidence_bytes();
    const std::lock_guard lock(mutex_);
    entries_[id] = {*request, std::make_shared<EndedTask>(*status)};
  }
  return {};
}

protocol::TaskStatus TaskTable::lost_status(const protocol::TaskRequest& request) const {
  protocol::TaskStatus status;
  status.id = request.id;
  status.run = request.run;
  status.kind = request.kind;
  status.state = "lost";
  status.error = "its agent was killed while it ran";
  status.evidence_complete = true;
  const TaskFiles files(folder_, request.id);
  if (files.evidence_bytes() == 0) return status;
  // Cuts off a frame that the kill tore: what is served must be what can be read.
  auto writer = SegmentWriter::append(files.evidence_path());
  const auto closed = writer.has_error() ? base::Result<void>(writer.error()) : (*writer)->close();
  if (closed.has_error()) status.error += "; its evidence: " + closed.error().what;
  return status;
}

base::Result<void> TaskTable::add_revert(const faults::UndoRecord& record, const std::string& host) const {
  if (record.reverting_at == 0) return {};  // it had only been planned
  auto writer = SegmentWriter::append(files(record.task).evidence_path());
  if (writer.has_error()) return writer.error();
  add_happening(**writer, record, host, {FaultState::reverting, record.reverting_at, "its agent was gone"});
  add_happening(**writer, record, host, {FaultState::reverted, record.ended_at, record.proof});
  return (*writer)->close();
}

bool TaskTable::settle(const faults::UndoRecord& record, const std::string& host) {
  const std::lock_guard creating(create_mutex_);
  const auto known = find(record.task);
  if (!known) {
    base::log(base::Level::warning, "an undo record without its task",
              {{"task", record.task}, {"state", record.state}});
    return record.reverted();
  }
  auto status = known->status();
  bool complete = false;
  if (record.reverted()) {
    const auto added = add_revert(record, host);
    complete = !added.has_error();
    status.progress["reverted"] = record.proof;
    if (status.state == "revert_failed") status.state = "failed";
    if (added.has_error())
      base::log(base::Level::error, "evidence", {{"task", record.task}, {"error", added.error().what}});
  } else {
    status.state = "revert_failed";
    status.error = record.proof;
  }
  status.evidence_bytes = files(record.task).evidence_bytes();
  if (auto saved = files(record.task).save_status(status); saved.has_error())
    base::log(base::Level::error, "status not saved", {{"task", record.task}, {"error", saved.error().what}});
  const std::lock_guard lock(mutex_);
  entries_[record.task].task = std::make_shared<EndedTask>(status);
  return complete;
}

base::Result<void> TaskTable::check_room() const {
  const auto tasks = all();
  std::size_t running = 0;
  for (const auto& task : tasks) running += task->status().ended() ? 0 : 1;
  if (running >= limits_.running)
    return base::fail(base::ErrorKind::limit, std::to_string(running) + " tasks run already; no more are allowed");
  if (tasks.size() >= limits_.kept)
    return base::fail(base::ErrorKind::limit,
                      std::to_string(tasks.size()) + " tasks are kept already; delete some that have ended");
  return {};
}

base::Result<TaskTable::Created> TaskTable::create(const protocol::TaskRequest& request) {
  const std::lock_guard creating(create_mutex_);
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(request.id);
    if (found != entries_.end() && !(found->second.request == request))
      return base::fail(base::ErrorKind::conflict, "task " + request.id + " exists with another body");
    if (found != entries_.end()) return Created{found->second.task->status(), false};
    if (closed_) return base::fail(base::ErrorKind::conflict, "this agent is stopping");
  }
  if (auto room = check_room(); room.has_error()) return room.error();
  const TaskFiles files(folder_, request.id);
  if (auto created = files.create(request); created.has_error()) return created.error();
  auto task = start_(request, files);
  if (task.has_error()) {
    files.remove();
    return task.error();
  }
  base::log(base::Level::info, "task", {{"task", request.id}, {"run", request.run}, {"kind", request.kind}});
  const std::lock_guard lock(mutex_);
  entries_[request.id] = {request, *task};
  return Created{(*task)->status(), true};
}

std::shared_ptr<Task> TaskTable::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.task;
}

base::Result<std::shared_ptr<Task>> TaskTable::need(const std::string& id) const {
  auto task = find(id);
  if (!task) return base::fail(base::ErrorKind::not_found, "no task " + id);
  return task;
}

std::vector<std::shared_ptr<Task>> TaskTable::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Task>> tasks;
  for (const auto& [id, entry] : entries_) tasks.push_back(entry.task);
  return tasks;
}

base::Result<void> TaskTable::remove(const std::string& id) {
  const std::lock_guard creating(create_mutex_);
  const auto task = need(id);
  if (task.has_error()) return task.error();
  const auto status = (*task)->status();
  if (!status.ended())
    return base::fail(base::ErrorKind::conflict, "task " + id + " is " + status.state + "; stop it first");
  if (status.state == "revert_failed")
    return base::fail(base::ErrorKind::conflict, "task " + id + " left this host dirty: " + status.error);
  files(id).remove();
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
  return {};
}

void TaskTable::close() {
  const std::lock_guard creating(create_mutex_);
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

}  // namespace agent
