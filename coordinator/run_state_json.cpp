#include "coordinator/run_state_json.h"

#include <nlohmann/json.hpp>

#include "common/base/json_fields.h"

namespace coordinator {
namespace base = common::base;
using nlohmann::json;

namespace {

json to_json(const TaskRecord& task) {
  return {{"agent", task.agent},
          {"url", task.url},
          {"kind", task.kind},
          {"request", task.request},
          {"state", task.state},
          {"error", task.error},
          {"pulled_bytes", task.pulled_bytes},
          {"evidence_complete", task.evidence_complete}};
}

TaskRecord read_task(const json& value, const std::string& path, base::Problems& problems) {
  base::Fields fields(value, path, problems);
  TaskRecord task;
  fields.required("agent", task.agent);
  fields.required("url", task.url);
  fields.required("kind", task.kind);
  fields.required("request", task.request);
  fields.required("state", task.state);
  fields.required("error", task.error);
  fields.required("pulled_bytes", task.pulled_bytes, 0);
  fields.required("evidence_complete", task.evidence_complete);
  fields.finish();
  return task;
}

}  // namespace

json to_json(const RunState& state) {
  json tasks = json::object();
  for (const auto& [id, task] : state.tasks) tasks[id] = to_json(task);
  return {{"run", state.run},
          {"state", state.state},
          {"phase", state.phase},
          {"step", state.step},
          {"cluster_id", state.cluster_id},
          {"bootstrap", state.bootstrap},
          {"started", state.started},
          {"anchor_steady_ns", state.anchor_steady_ns},
          {"anchor_wall_ns", state.anchor_wall_ns},
          {"host", state.host},
          {"tasks", std::move(tasks)},
          {"infrastructure", state.infrastructure},
          {"stopped", state.stopped},
          {"aborted", state.aborted},
          {"revert_failed", state.revert_failed}};
}

base::Result<RunState> run_state_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  RunState state;
  fields.required("run", state.run);
  fields.required("state", state.state, {"planned", "running", "draining", "auditing", "judging", "done"});
  fields.required("phase", state.phase);
  fields.required("step", state.step, 0);
  fields.required("cluster_id", state.cluster_id);
  fields.required("bootstrap", state.bootstrap);
  fields.required("started", state.started);
  fields.required("anchor_steady_ns", state.anchor_steady_ns);
  fields.required("anchor_wall_ns", state.anchor_wall_ns);
  fields.required("host", state.host);
  if (const json* tasks = fields.object("tasks", true))
    for (const auto& [id, task] : tasks->items())
      state.tasks.emplace(id, read_task(task, fields.path_of("tasks." + id), problems));
  fields.required("infrastructure", state.infrastructure);
  fields.optional("stopped", state.stopped);
  fields.required("aborted", state.aborted);
  fields.required("revert_failed", state.revert_failed);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return state;
}

}  // namespace coordinator
