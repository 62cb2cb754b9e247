#include <charconv>

#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "common/http/openapi.h"
#include "common/protocol/version_info.h"
#include "coordinator/daemon.h"
#include "coordinator/event_log.h"
#include "coordinator/report/terminal_text.h"
#include "coordinator/run_report.h"
#include "coordinator/write_file.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using common::http::error_response;
using common::http::json_response;
using common::http::Request;
using common::http::Response;
using common::http::Route;
using nlohmann::json;

namespace {

constexpr std::size_t kMostEvents = 1'000;
constexpr std::chrono::seconds kAgentAnswers{1};

Response answer(const json& value, int status = 200) {
  return json_response(common::base::json_text(value) + "\n", status);
}

Response answer(const Result<json>& value, int status = 200) {
  return value.has_error() ? error_response(value.error()) : answer(*value, status);
}

Response text(std::string body, const std::string& type) {
  Response response;
  response.body = std::move(body);
  response.content_type = type;
  return response;
}

Response add_agent(AgentRegistry& agents, const Request& request) {
  const auto body = common::base::parse_json(request.body);
  if (body.has_error()) return error_response(body.error());
  common::base::Problems problems;
  common::base::Fields fields(*body, "", problems);
  std::string url;
  fields.required("url", url);
  fields.finish();
  if (!problems.empty()) return error_response(to_error(problems));
  const auto added = agents.add(url, kAgentAnswers);
  if (added.has_error()) return error_response(added.error());
  return answer(json{{"url", added->url}, {"info", to_json(added->info)}});
}

Response create_run(RunRegistry& runs, const AgentRegistry& agents, const Request& request) {
  const auto body = common::base::parse_json(request.body);
  if (body.has_error()) return error_response(body.error());
  const auto asked = run_request_from(*body);
  if (asked.has_error()) return error_response(asked.error());
  // A run that is there is told whoever answers now; only a new one needs a fleet.
  const auto known = runs.directory(asked->id);
  const auto fleet = agents.fleet();
  if (fleet.has_error() && known.has_error()) return error_response(fleet.error());
  bool fresh = false;
  const auto created = runs.create(*asked, fleet.has_value() ? *fleet : Fleet(), fresh);
  return answer(created, fresh ? 201 : 200);
}

Response run_events(const RunRegistry& runs, const Request& request) {
  const auto directory = runs.directory(request.params.at("id"));
  if (directory.has_error()) return error_response(directory.error());
  std::int64_t from = 0;
  if (const auto asked = request.query.find("from"); asked != request.query.end()) {
    const char* end = asked->second.data() + asked->second.size();
    const auto [rest, code] = std::from_chars(asked->second.data(), end, from);
    if (code != std::errc() || rest != end || from < 0)
      return error_response(fail(ErrorKind::configuration, "`from` is the number of the first line wanted, from 0"));
  }
  const auto lines = read_events(directory->events_file(), from, kMostEvents);
  if (lines.has_error()) return error_response(lines.error());
  std::string body;
  for (const auto& line : *lines) body += line + "\n";
  Response response = text(std::move(body), "application/x-ndjson");
  response.headers = {{"X-Firedrill-Next", std::to_string(from + static_cast<std::int64_t>(lines->size()))}};
  return response;
}

// Files of a run that are damaged are no mistake of the request, nor of this process.
Response damaged(const common::base::Error& error) {
  return error_response(fail(ErrorKind::conflict, "the run is damaged: " + error.what));
}

Response run_report(const RunRegistry& runs, const Request& request) {
  const auto directory = runs.directory(request.params.at("id"));
  if (directory.has_error()) return error_response(directory.error());
  const auto format = request.query.find("format");
  const auto all = request.query.find("all");
  if (all != request.query.end() && !all->second.empty() && all->second != "true" && all->second != "false")
    return error_response(fail(ErrorKind::configuration, "`all` is `true` or `false`"));
  if (format != request.query.end() && format->second == "text") {
    const auto made = make_report(*directory);
    if (made.has_error()) return damaged(made.error());
    report::TextOptions options;
    options.all = all != request.query.end() && all->second != "false";
    return text(terminal_text(*made, options), "text/plain; charset=utf-8");
  }
  if (format != request.query.end() && format->second != "json")
    return error_response(fail(ErrorKind::configuration, "`format` is `json` or `text`"));
  auto stored = read_file(directory->report_file());
  if (stored.has_error()) return error_response(fail(ErrorKind::not_found, "the run has no report yet"));
  if (const auto whole = common::base::parse_json(*stored); whole.has_error())
    return damaged(common::base::context(whole.error(), directory->report_file()));
  return json_response(std::move(*stored));
}

Response stop_run(RunRegistry& runs, const Request& request) {
  const auto stopped = runs.stop(request.params.at("id"));
  if (stopped.has_error()) return error_response(stopped.error());
  return answer(runs.describe(request.params.at("id")));
}

Response let_go(RunRegistry& runs, const Request& request) {
  const auto gone = runs.go(request.params.at("id"), request.params.at("hold"));
  if (gone.has_error()) return error_response(gone.error());
  return answer(runs.describe(request.params.at("id")));
}

}  // namespace

std::vector<Route> daemon_routes(RunRegistry& runs, AgentRegistry& agents,
                                 const common::protocol::VersionInfo& version) {
  std::vector<Route> routes{
      {"GET", "/v1/health",
       [](const Request&) {
         return answer(json{{"status", "ok"}});
       },
       "whether it is up"},
      {"GET", "/v1/version", [version](const Request&) { return answer(to_json(version)); },
       "role, and the versions of Firedrill and librdkafka"},
      {"GET", "/v1/agents",
       [&](const Request&) {
         return answer(json{{"agents", agents.to_json()}});
       },
       "the agents that it knows, and whether they answer"},
      {"POST", "/v1/agents", [&](const Request& request) { return add_agent(agents, request); },
       "registers an agent: {\"url\"}"},
      {"GET", "/v1/runs",
       [&](const Request&) {
         return answer(json{{"runs", runs.list()}});
       },
       "all runs, briefly"},
      {"POST", "/v1/runs", [&](const Request& request) { return create_run(runs, agents, request); },
       "starts a run: {\"id\", \"scenario\", \"bootstrap\", \"parameters\", \"seed\", \"client\"}; again: tells how it "
       "is"},
      {"GET", "/v1/runs/{id}", [&](const Request& request) { return answer(runs.describe(request.params.at("id"))); },
       "a run: state, phase, tasks, live numbers, verdict"},
      {"GET", "/v1/runs/{id}/events?from", [&](const Request& request) { return run_events(runs, request); },
       "what happened, as NDJSON, from line ?from=N; X-Firedrill-Next is the next N"},
      {"GET", "/v1/runs/{id}/report?format&all", [&](const Request& request) { return run_report(runs, request); },
       "the report, ?format=json or text; text with &all: every finding and partition"},
      {"POST", "/v1/runs/{id}/stop", [&](const Request& request) { return stop_run(runs, request); },
       "reverts faults, drains, judges what there is; again: reverts faults only"},
      {"POST", "/v1/runs/{id}/go/{hold}", [&](const Request& request) { return let_go(runs, request); },
       "says go to a step `hold: NAME`"},
  };
  routes.push_back({"GET", "/v1/openapi.json", {}, "this document"});
  routes.back().handler = [document = common::http::openapi_document("Firedrill coordinator", version.version, routes)](
                              const Request&) { return json_response(document); };
  return routes;
}

}  // namespace coordinator
