#include <charconv>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "agent/api.h"
#include "agent/evidence_page.h"
#include "common/base/json_fields.h"
#include "common/base/json_text.h"
#include "workloads/evidence/crc32c.h"

namespace agent {

namespace base = common::base;
namespace http = common::http;
namespace protocol = common::protocol;
using http::Request;
using http::Response;
using nlohmann::json;

namespace {

Response answer(const protocol::TaskStatus& status, int code = 200) {
  return http::json_response(common::base::json_text(to_json(status)) + "\n", code);
}

Response create(const ApiParts& parts, const Request& request) {
  const auto body = base::parse_json(request.body);
  if (body.has_error()) return http::error_response(base::context(body.error(), "the body"));
  const auto task = protocol::task_request_from(*body);
  if (task.has_error()) return http::error_response(task.error());
  const auto created = parts.table.create(*task);
  if (created.has_error()) return http::error_response(created.error());
  return answer(created->status, created->fresh ? 201 : 200);
}

Response list(const ApiParts& parts, const Request& request) {
  const auto run = request.query.find("run");
  json tasks = json::array();
  for (const auto& task : parts.table.all()) {
    const auto status = task->status();
    if (run == request.query.end() || status.run == run->second) tasks.push_back(to_json(status));
  }
  return http::json_response(common::base::json_text(json{{"tasks", std::move(tasks)}}) + "\n");
}

Response show(const ApiParts& parts, const Request& request) {
  const auto task = parts.table.need(request.params.at("id"));
  return task.has_error() ? http::error_response(task.error()) : answer((*task)->status());
}

Response stop(const ApiParts& parts, const Request& request) {
  const auto task = parts.table.need(request.params.at("id"));
  if (task.has_error()) return http::error_response(task.error());
  (*task)->stop();
  return answer((*task)->status());
}

Response remove(const ApiParts& parts, const Request& request) {
  const auto removed = parts.table.remove(request.params.at("id"));
  return removed.has_error() ? http::error_response(removed.error()) : http::json_response("{}\n");
}

Response lease(const ApiParts& parts, const Request& request) {
  const auto task = parts.table.need(request.params.at("id"));
  if (task.has_error()) return http::error_response(task.error());
  const auto body = base::parse_json(request.body);
  if (body.has_error()) return http::error_response(base::context(body.error(), "the body"));
  base::Problems problems;
  base::Fields fields(*body, "", problems);
  std::int64_t lease_ms = 0;
  fields.required("lease_ms", lease_ms, 1'000, 3'600'000);
  fields.finish();
  if (!problems.empty()) return http::error_response(to_error(problems));
  if (auto renewed = (*task)->renew_lease(std::chrono::milliseconds(lease_ms)); renewed.has_error())
    return http::error_response(renewed.error());
  return answer((*task)->status());
}

Response happen(const ApiParts& parts, const Request& request) {
  const auto task = parts.table.need(request.params.at("id"));
  if (task.has_error()) return http::error_response(task.error());
  const auto body = base::parse_json(request.body);
  if (body.has_error()) return http::error_response(base::context(body.error(), "the body"));
  const auto event = protocol::task_event_from(*body);
  if (event.has_error()) return http::error_response(event.error());
  const auto fresh = (*task)->happen(*event);
  if (fresh.has_error()) return http::error_response(fresh.error());
  return answer((*task)->status(), *fresh ? 201 : 200);
}

base::Result<std::int64_t> number(const Request& request, const std::string& name, std::int64_t otherwise) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return otherwise;
  std::int64_t value = 0;
  const char* end = found->second.data() + found->second.size();
  const auto [stopped, error] = std::from_chars(found->second.data(), end, value);
  if (error != std::errc() || stopped != end || value < 0)
    return base::fail(base::ErrorKind::configuration,
                      "query `" + name + "` must be a number from 0, not `" + found->second + "`");
  return value;
}

Response evidence(const ApiParts& parts, const Request& request) {
  const std::string& id = request.params.at("id");
  const auto task = parts.table.need(id);
  if (task.has_error()) return http::error_response(task.error());
  const auto offset = number(request, "offset", 0);
  if (offset.has_error()) return http::error_response(offset.error());
  const auto limit = number(request, "limit", kPageBytes);
  if (limit.has_error()) return http::error_response(limit.error());
  // The status first: what it says is complete cannot have grown when the bytes are read.
  const auto status = (*task)->status();
  if (*offset > status.evidence_bytes) {
    Response response =
        http::error_response(base::fail(base::ErrorKind::configuration, "the evidence of " + id + " ends at byte " +
                                                                            std::to_string(status.evidence_bytes) +
                                                                            ", before " + std::to_string(*offset)));
    response.status = 416;
    return response;
  }
  auto page = read_page(parts.table.files(id).evidence_path(), *offset, *limit, status.evidence_bytes);
  if (page.has_error()) return http::error_response(page.error());
  char crc[9];
  std::snprintf(crc, sizeof crc, "%08x", workloads::evidence::crc32c(page->data(), page->size()));
  Response response;
  response.body = std::move(*page);
  response.content_type = "application/octet-stream";
  response.headers = {{"X-Firedrill-Crc32c", crc},
                      {"X-Firedrill-End", std::to_string(status.evidence_bytes)},
                      {"X-Firedrill-Complete", status.evidence_complete ? "true" : "false"}};
  return response;
}

}  // namespace

std::vector<http::Route> task_routes(const ApiParts& parts) {
  const auto with = [&parts](Response (*handler)(const ApiParts&, const Request&)) -> http::Handler {
    return [parts, handler](const Request& request) { return handler(parts, request); };
  };
  return {
      {"POST", "/v1/tasks", with(create), "start a task; the same id and body again: the same answer"},
      {"GET", "/v1/tasks?run", with(list), "all tasks; ?run=ID: those of a run"},
      {"GET", "/v1/tasks/{id}", with(show), "state, progress and size of the evidence"},
      {"POST", "/v1/tasks/{id}/stop", with(stop), "ask it to end: a workload drains, a fault reverts"},
      {"DELETE", "/v1/tasks/{id}", with(remove), "remove an ended task and its evidence"},
      {"GET", "/v1/tasks/{id}/evidence?offset&limit", with(evidence), "raw bytes from ?offset=, at most ?limit="},
      {"POST", "/v1/tasks/{id}/events", with(happen),
       "restart, leave, kill or pause a workload's client: {\"id\", \"event\", \"for_ms\"}"},
      {"POST", "/v1/tasks/{id}/lease", with(lease), "renew a fault's lease: {\"lease_ms\": n}"},
  };
}

}  // namespace agent
