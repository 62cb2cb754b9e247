#include "coordinator/run_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace coordinator {

using nlohmann::json;

namespace {

json tasks_json(const RunState& state) {
  json tasks = json::object();
  for (const auto& [name, task] : state.tasks) {
    tasks[name] = {{"agent", task.agent},
                   {"kind", task.kind},
                   {"state", task.state},
                   {"error", task.error},
                   {"pulled_bytes", task.pulled_bytes},
                   {"evidence_complete", task.evidence_complete}};
  }
  return tasks;
}

json live_json(const report::LiveState& live) {
  const auto told = [](double value) { return value < 0 ? json() : json(value); };
  json faults = json::array();
  for (const auto& fault : live.faults)
    faults.push_back({{"name", fault.name},
                      {"state", fault.state},
                      {"in_state_ns", fault.in_state},
                      {"left_ns", std::max<common::base::Nanos>(0, fault.left)}});
  return {{"elapsed_ns", live.elapsed},
          {"sent", live.sent},
          {"acked", live.acked},
          {"refused", live.refused},
          {"unknown", live.unknown},
          {"in_flight", live.in_flight},
          {"acked_rate", live.acked_rate},
          {"delivered", live.delivered},
          {"lag", live.lag < 0 ? json() : json(live.lag)},
          {"ack_p50_ms", told(live.ack_p50_ms)},
          {"ack_p99_ms", told(live.ack_p99_ms)},
          {"waiting_for", live.waiting_for},
          {"faults", std::move(faults)}};
}

// The rules of each kind: docs/findings.md, "While the run goes on".
json findings_json(const report::LiveFindings& findings) {
  json counts = json::array();
  for (const auto& count : findings.counts)
    counts.push_back({{"kind", judge::name_of(count.kind)},
                      {"severity", judge::name_of(count.severity)},
                      {"findings", count.findings},
                      {"messages", static_cast<std::int64_t>(count.messages)},
                      {"waived", count.waived}});
  json worst = json::array();
  for (const auto& finding : findings.worst)
    worst.push_back({{"kind", judge::name_of(finding.kind)},
                     {"severity", judge::name_of(finding.severity)},
                     {"explanation", finding.explanation}});
  const json age = findings.as_of ? json(common::base::steady_now() - *findings.as_of) : json();
  return {{"age_ns", age},
          {"unread", findings.unread},
          {"counts", std::move(counts)},
          {"worst", std::move(worst)},
          {"problem", findings.problem.empty() ? json() : json(findings.problem)}};
}

}  // namespace

json run_json(const RunState& state, const std::optional<report::LiveState>& live) {
  json value{{"id", state.run},
             {"state", state.state},
             {"phase", state.phase},
             {"step", state.step},
             {"started", state.started},
             {"bootstrap", state.bootstrap},
             {"cluster_id", state.cluster_id},
             {"stopped", state.stopped.empty() ? json() : json(state.stopped)},
             {"aborted", state.aborted},
             {"revert_failed", state.revert_failed},
             {"infrastructure", state.infrastructure},
             {"damage", nullptr},
             {"tasks", tasks_json(state)},
             {"live", nullptr},
             {"findings", nullptr},
             {"live_line", nullptr},
             {"verdict", nullptr},
             {"sentence", nullptr},
             {"exit_code", nullptr}};
  if (live.has_value()) {
    value["live"] = live_json(*live);
    value["findings"] = findings_json(live->findings);
    value["live_line"] = report::live_line(*live);
  }
  return value;
}

json damaged_run_json(const std::string& run, const std::string& damage) {
  RunState nothing;
  nothing.run = run;
  nothing.state = "damaged";
  json value = run_json(nothing, std::nullopt);
  value["damage"] = damage;
  return value;
}

void add_verdict(json& run, const json& report) {
  for (const char* field : {"verdict", "sentence", "exit_code"})
    if (const auto found = report.find(field); found != report.end()) run[field] = *found;
}

}  // namespace coordinator
