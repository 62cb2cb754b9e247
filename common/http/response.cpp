#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "common/http/server.h"

namespace common::http {

namespace {

struct KindRow {
  base::ErrorKind kind;
  int status;
  const char* name;
};

constexpr KindRow kKinds[] = {
    {base::ErrorKind::usage, 400, "usage"},
    {base::ErrorKind::configuration, 400, "configuration"},
    {base::ErrorKind::conflict, 409, "conflict"},
    {base::ErrorKind::forbidden, 403, "forbidden"},
    {base::ErrorKind::not_found, 404, "not_found"},
    {base::ErrorKind::limit, 429, "limit"},
    {base::ErrorKind::timeout, 504, "timeout"},
    {base::ErrorKind::unreachable, 502, "unreachable"},
    {base::ErrorKind::infrastructure, 500, "infrastructure"},
};

}  // namespace

Response error_response(const base::Error& error) {
  Response response;
  nlohmann::ordered_json inner;
  for (const auto& row : kKinds) {
    if (row.kind != error.kind) continue;
    response.status = row.status;
    inner["kind"] = row.name;
  }
  inner["what"] = error.what;
  nlohmann::ordered_json outer;
  outer["error"] = inner;
  // `what` may quote bytes of a request that are no UTF-8.
  response.body = common::base::json_text(outer) + "\n";
  return response;
}

Response json_response(std::string body, int status) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

}  // namespace common::http
