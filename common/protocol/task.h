// A task is one thing an agent does: a workload or a fault. What coordinator and agent exchange about it (REST,
// /v1/tasks) and its JSON. Ids are chosen by the caller; creating the same id with the same body again answers the same
// (idempotent), with another body 409.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/base/json_fields.h"

namespace common::protocol {

struct TaskRequest {
  std::string id;   // [A-Za-z0-9._-]{1,128}; also the name of its evidence file
  std::string run;  // the run it belongs to, same alphabet
  std::string
      kind;  // "produce", "consume", "audit", "observe", "topics" or a fault: "kill", "stop", "pause", "restart"
  nlohmann::json spec = nlohmann::json::object();  // by kind: workload_specs.h, fault_spec.h
  bool operator==(const TaskRequest&) const = default;
};

// accepted -> running -> done | failed; `stopping` between a stop request and the end. A fault goes
// injecting -> active -> reverting -> done, or revert_failed: the host is dirty.
// lost: its agent was killed while it ran; its evidence up to then counts.
struct TaskStatus {
  std::string id;
  std::string run;
  std::string kind;
  std::string state = "accepted";
  std::string error;                                   // of a failed one; one line
  nlohmann::json progress = nlohmann::json::object();  // by kind, see workload_specs.h
  std::int64_t evidence_bytes = 0;                     // of the file so far
  bool evidence_complete = false;                      // nothing is added any more
  bool ended() const { return state == "done" || state == "failed" || state == "lost" || state == "revert_failed"; }
};

nlohmann::json to_json(const TaskRequest& request);
nlohmann::json to_json(const TaskStatus& status);
base::Result<TaskRequest> task_request_from(const nlohmann::json& json);
base::Result<TaskStatus> task_status_from(const nlohmann::json& json);

bool valid_id(const std::string& id);

}  // namespace common::protocol
