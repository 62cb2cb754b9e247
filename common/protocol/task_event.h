// Something that happens to a workload on purpose while it runs: its client ends, dies or stands still. Asked for with
// POST /v1/tasks/{id}/events; ids are chosen by the caller, the same id and body again is the same event. Its progress
// is in that of the task: {"events": {ID: "asked" | "under way" | "over"}}.
#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/base/json_fields.h"

namespace common::protocol {

struct TaskEvent {
  std::string id;
  // restart: the client ends cleanly and comes back at once. leave: it comes back after `for_ms`. kill: it ends without
  // goodbye, and comes back after `for_ms`. pause: it stands still for `for_ms`.
  std::string event;
  std::int64_t for_ms = 0;
  bool operator==(const TaskEvent&) const = default;
};

nlohmann::json to_json(const TaskEvent& event);
base::Result<TaskEvent> task_event_from(const nlohmann::json& json);

}  // namespace common::protocol
