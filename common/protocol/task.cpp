#include "common/protocol/task.h"

#include <algorithm>

namespace common::protocol {

using nlohmann::json;

bool valid_id(const std::string& id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !id.empty() && id.size() <= 128 && id[0] != '.' && std::all_of(id.begin(), id.end(), allowed);
}

namespace {
void check_id(base::Fields& fields, std::string_view name, const std::string& id) {
  if (!id.empty() && !valid_id(id))
    fields.problem(name, "must be 1 to 128 of A-Z a-z 0-9 . _ - and not begin with a dot");
}
}  // namespace

json to_json(const TaskRequest& request) {
  return {{"id", request.id}, {"run", request.run}, {"kind", request.kind}, {"spec", request.spec}};
}

json to_json(const TaskStatus& status) {
  return {{"id", status.id},
          {"run", status.run},
          {"kind", status.kind},
          {"state", status.state},
          {"error", status.error},
          {"progress", status.progress},
          {"evidence_bytes", status.evidence_bytes},
          {"evidence_complete", status.evidence_complete}};
}

base::Result<TaskRequest> task_request_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  TaskRequest request;
  fields.required("id", request.id);
  fields.required("run", request.run);
  fields.required("kind", request.kind);
  check_id(fields, "id", request.id);
  check_id(fields, "run", request.run);
  if (const json* spec = fields.object("spec", true)) request.spec = *spec;
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return request;
}

base::Result<TaskStatus> task_status_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  TaskStatus status;
  fields.required("id", status.id);
  fields.required("run", status.run);
  fields.required("kind", status.kind);
  fields.required("state", status.state);
  fields.required("error", status.error);
  if (const json* progress = fields.object("progress", true)) status.progress = *progress;
  fields.required("evidence_bytes", status.evidence_bytes, 0);
  fields.required("evidence_complete", status.evidence_complete);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return status;
}

}  // namespace common::protocol
