#include "common/protocol/task_event.h"

#include <nlohmann/json.hpp>

#include "common/protocol/task.h"

namespace common::protocol {

nlohmann::json to_json(const TaskEvent& event) {
  return {{"id", event.id}, {"event", event.event}, {"for_ms", event.for_ms}};
}

base::Result<TaskEvent> task_event_from(const nlohmann::json& json) {
  base::Problems problems;
  base::Fields fields(json, "", problems);
  TaskEvent event;
  fields.required("id", event.id);
  fields.required("event", event.event, {"restart", "leave", "kill", "pause"});
  fields.optional("for_ms", event.for_ms, 0, 3'600'000);
  if (!event.id.empty() && !valid_id(event.id))
    fields.problem("id", "must be 1 to 128 of A-Z a-z 0-9 . _ - and not begin with a dot");
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return event;
}

}  // namespace common::protocol
