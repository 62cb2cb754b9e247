#include "coordinator/agent_client.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "workloads/evidence/crc32c.h"

namespace coordinator {

using common::base::Error;
using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using common::http::Response;
using common::protocol::TaskStatus;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

// Short ones must not keep a lease from being renewed; a task is created with fsyncs and a process look-up.
constexpr auto kShort = 3s;
constexpr auto kCreate = 10s;
constexpr auto kPage = 5s;
constexpr auto kCluster = 12s;  // the agent itself waits for 8 s

ErrorKind kind_of_status(int status) {
  switch (status) {
    case 400:
    case 413:
      return ErrorKind::configuration;
    case 403:
      return ErrorKind::forbidden;
    case 404:
      return ErrorKind::not_found;
    case 409:
      return ErrorKind::conflict;
    case 429:
      return ErrorKind::limit;
    case 502:
      return ErrorKind::unreachable;
    case 504:
      return ErrorKind::timeout;
    default:
      return ErrorKind::infrastructure;
  }
}

Error refusal(const std::string& url, const Response& response) {
  std::string what = "HTTP status " + std::to_string(response.status);
  if (const auto body = common::base::parse_json(response.body); body.has_value() && body->is_object()) {
    const auto error = body->find("error");
    if (error != body->end() && error->is_object() && error->contains("what") && (*error)["what"].is_string())
      what = (*error)["what"].get<std::string>();
  }
  return fail(kind_of_status(response.status), "agent at " + url + ": " + what);
}

Result<json> body_of(const std::string& url, const Response& response) {
  auto body = common::base::parse_json(response.body);
  if (body.has_error()) return common::base::context(body.error(), "answer of the agent at " + url);
  return body;
}

// What `read` makes of the body; an Error names the agent.
template <typename Read>
auto answer_of(const std::string& url, const Result<Response>& response, const Read& read)
    -> decltype(read(std::declval<const json&>())) {
  if (response.has_error()) return response.error();
  const auto value = body_of(url, *response);
  if (value.has_error()) return value.error();
  auto answer = read(*value);
  if (answer.has_error()) return common::base::context(answer.error(), "answer of the agent at " + url);
  return answer;
}

const std::string* header(const Response& response, std::string_view name) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  for (const auto& [key, value] : response.headers)
    if (std::equal(key.begin(), key.end(), name.begin(), name.end(), same)) return &value;
  return nullptr;
}

}  // namespace

Result<AgentClient> AgentClient::create(const std::string& url) {
  auto http = common::http::Client::create(url);
  if (http.has_error()) return http.error();
  return AgentClient(std::move(*http));
}

Result<Response> AgentClient::call(const std::string& method, const std::string& path, const std::string& body,
                                   std::chrono::milliseconds timeout) {
  auto response = http_->call(method, path, body, timeout);
  answered_ = response.has_value();
  if (response.has_error()) return response.error();
  if (response->status >= 400) return refusal(url(), *response);
  return response;
}

Result<TaskStatus> AgentClient::task_call(const std::string& method, const std::string& path, const std::string& body,
                                          std::chrono::milliseconds timeout) {
  const auto response = call(method, path, body, timeout);
  return answer_of(url(), response, common::protocol::task_status_from);
}

Result<common::protocol::AgentInfo> AgentClient::info() {
  const auto response = call("GET", "/v1/info", "", kShort);
  return answer_of(url(), response, common::protocol::agent_info_from);
}

Result<ClockExchange> AgentClient::exchange_clocks() {
  ClockExchange exchange;
  exchange.asked = common::base::steady_now();
  const auto response = call("GET", "/v1/clock", "", kShort);
  exchange.heard = common::base::steady_now();
  if (response.has_error()) return response.error();
  const auto value = body_of(url(), *response);
  if (value.has_error()) return value.error();
  const auto read = [&](const char* name, Nanos& out) {
    const auto found = value->find(name);
    if (found == value->end() || !found->is_number_integer()) return false;
    out = found->get<Nanos>();
    return true;
  };
  if (!value->is_object() || !read("t_receive", exchange.received) || !read("t_send", exchange.answered))
    return fail(ErrorKind::infrastructure, "agent at " + url() + " told no clock");
  return exchange;
}

Result<common::protocol::ClusterInfo> AgentClient::cluster(const common::protocol::ClusterAccess& access) {
  const auto response = call("POST", "/v1/cluster", common::base::json_text(cluster_question(access)), kCluster);
  return answer_of(url(), response, common::protocol::cluster_info_from);
}

Result<TaskStatus> AgentClient::create_task(const common::protocol::TaskRequest& request) {
  return task_call("POST", "/v1/tasks", common::base::json_text(to_json(request)), kCreate);
}

Result<TaskStatus> AgentClient::task(const std::string& id) {
  return task_call("GET", "/v1/tasks/" + id, "", kShort);
}

Result<TaskStatus> AgentClient::stop_task(const std::string& id) {
  return task_call("POST", "/v1/tasks/" + id + "/stop", "{}", kShort);
}

Result<TaskStatus> AgentClient::happen(const std::string& id, const common::protocol::TaskEvent& event) {
  return task_call("POST", "/v1/tasks/" + id + "/events", common::base::json_text(to_json(event)), kShort);
}

Result<void> AgentClient::renew_lease(const std::string& id, std::chrono::milliseconds lease) {
  const json body{{"lease_ms", lease.count()}};
  const auto response = call("POST", "/v1/tasks/" + id + "/lease", common::base::json_text(body), kShort);
  if (response.has_error()) return response.error();
  return {};
}

Result<EvidencePage> AgentClient::evidence(const std::string& id, std::int64_t offset, std::int64_t limit) {
  const auto response =
      call("GET", "/v1/tasks/" + id + "/evidence?offset=" + std::to_string(offset) + "&limit=" + std::to_string(limit),
           "", kPage);
  if (response.has_error()) return response.error();
  const std::string* crc = header(*response, "X-Firedrill-Crc32c");
  const std::string* end = header(*response, "X-Firedrill-End");
  const std::string* complete = header(*response, "X-Firedrill-Complete");
  EvidencePage page;
  const auto whole = [](const std::string& text, std::int64_t& out) {
    const auto [rest, code] = std::from_chars(text.data(), text.data() + text.size(), out);
    return code == std::errc() && rest == text.data() + text.size();
  };
  if (crc == nullptr || end == nullptr || complete == nullptr || !whole(*end, page.end) || page.end < offset)
    return fail(ErrorKind::infrastructure, "agent at " + url() + ": evidence page without its headers");
  char ours[9];
  std::snprintf(ours, sizeof ours, "%08x", workloads::evidence::crc32c(response->body.data(), response->body.size()));
  if (*crc != ours) {
    return fail(ErrorKind::infrastructure, "agent at " + url() + ": evidence page of " + id + " at byte " +
                                               std::to_string(offset) + " is damaged (CRC32C " + ours + ", told " +
                                               *crc + ")");
  }
  page.bytes = response->body;
  page.complete = *complete == "true";
  return page;
}

}  // namespace coordinator
