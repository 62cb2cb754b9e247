// From what an Explainer kept to the lines that are shown.
#include <algorithm>

#include "coordinator/report/event_text.h"
#include "coordinator/report/explain.h"
#include "coordinator/report/explain_weights.h"
#include "coordinator/report/text_layout.h"
#include "workloads/evidence/event_words.h"

namespace coordinator::report {
namespace evidence = workloads::evidence;
using common::base::Nanos;
using evidence::kNoId;
using evidence::kNoTime;

namespace {

constexpr std::size_t kMostLines = 15;
constexpr std::size_t kMostFaults = 3;

const evidence::Fault& fault_in(const evidence::Event& event) {
  return std::get<evidence::Fault>(event);
}

}  // namespace

// What times are relative to: the injection of the fault of the finding, else of the last one before it, else of any.
std::optional<Explainer::Fact> Explainer::zero() const {
  std::optional<Fact> best;
  const Nanos now = moment();
  for (const Fact& fact : faults_) {
    const auto& fault = fault_in(fact.event);
    if (fault.state != evidence::FaultState::injecting && fault.state != evidence::FaultState::active) continue;
    const Nanos at = time_of(fact.event);
    if (at == kNoTime) continue;
    const auto rank = [&](const Fact& one) {
      const bool named =
          std::find(finding_.faults.begin(), finding_.faults.end(), fault_in(one.event).fault) != finding_.faults.end();
      return named ? 2 : now != kNoTime && time_of(one.event) <= now ? 1 : 0;
    };
    const int is = rank(fact), was = best ? rank(*best) : -1;
    // Of its own faults, and of those still to come, the first; of those before, the last.
    const bool later = best && fault_in(best->event).fault != fault.fault && at > time_of(best->event);
    if (is > was || (is == was && is == 1 && later)) best = fact;
  }
  return best;
}

Explainer::Row Explainer::row(const Fact& fact) const {
  return {time_of(fact.event), fact.weight, {{}, fact.line, who(fact.event, names_), what(fact.event, names_)}};
}

// A line for each fault: those of the finding first, else those nearest to it.
std::vector<Explainer::Row> Explainer::fault_rows() const {
  std::vector<Id> shown = finding_.faults;
  if (const auto nearest = zero(); shown.empty() && nearest) shown.push_back(fault_in(nearest->event).fault);
  if (shown.size() > kMostFaults) shown.resize(kMostFaults);
  std::vector<Row> rows;
  for (const Id id : shown) {
    Row row{kNoTime, kFault, {{}, 0, names_.text(id), ""}};
    for (const Fact& fact : faults_) {
      const auto& fault = fault_in(fact.event);
      if (fault.fault != id || fault.state == evidence::FaultState::planned) continue;
      const Nanos at = time_of(fact.event);
      const bool begins = row.line.what.empty();
      if (begins) row.line.what = names_.text(fault.kind) + " " + names_.text(fault.target) + ": ";
      if (begins) row.at = at;
      if (!begins) row.line.what += ", ";
      row.line.what += fault.state == evidence::FaultState::active ? "felt" : std::string(word_of(fault.state));
      if (!begins && at != kNoTime && row.at != kNoTime) row.line.what += " " + since(at - row.at);
    }
    if (!row.line.what.empty()) rows.push_back(row);
  }
  return rows;
}

std::vector<Explainer::Row> Explainer::rows() const {
  std::vector<Row> rows;
  std::set<std::int64_t> shown;
  Readings::Cuts cuts;
  const auto show = [&](const Fact& fact) {
    if (!shown.insert(fact.line).second) return;
    rows.push_back(row(fact));
    std::visit(
        [&](const auto& one) {
          if constexpr (requires { one.consumer; }) cuts[one.consumer].push_back(fact.line);
        },
        fact.event);
  };
  for (const Fact& fact : facts_) show(fact);
  for (const auto& [consumer, owned] : owned_)
    for (const auto* fact : {&owned.assign, &owned.moved, &owned.commit, &owned.revoke})
      if (*fact) show(**fact);
  for (const auto* fact : {&leader_, &epoch_, &next_leader_})
    if (*fact) show(**fact);
  // What is about no message is no matter of readers.
  if (!finding_.offsets.empty() && !finding_.messages.empty()) {
    if (const auto log = readings_.log(names_); !log.empty()) rows.push_back({moment(), kLog, {{}, 0, "the log", log}});
    for (const auto& reader : readings_.readers(names_, cuts))
      rows.push_back({clocks_.of_actor(reader.consumer, reader.at),
                      kReader,
                      {{}, reader.line, names_.text(reader.consumer), reader.text}});
  }
  const auto faults = fault_rows();
  rows.insert(rows.end(), faults.begin(), faults.end());
  return rows;
}

Explanation Explainer::result() const {
  Explanation out;
  out.finding = judge::explain(finding_, names_);
  out.kind = judge::name_of(finding_.kind);
  out.severity = judge::name_of(finding_.severity);
  auto all = rows();
  if (all.size() > kMostLines) {
    std::stable_sort(all.begin(), all.end(), [](const Row& a, const Row& b) { return a.weight > b.weight; });
    out.left_out = all.size() - kMostLines;
    all.resize(kMostLines);
  }
  // What has no time stands where the finding does.
  const Nanos now = moment();
  const auto placed = [now](const Row& row) { return row.at == kNoTime ? now : row.at; };
  std::stable_sort(all.begin(), all.end(), [&](const Row& a, const Row& b) {
    return placed(a) != placed(b) ? placed(a) < placed(b) : a.line.line < b.line.line;
  });
  Nanos origin = first_at_;
  if (const auto fault = zero()) {
    origin = time_of(fault->event);
    out.since = "the injection of " + names_.text(fault_in(fault->event).fault);
  } else if (first_at_ != kNoTime) {
    out.since = "the first line that has a time";
  }
  for (Row& row : all) {
    if (row.at != kNoTime && origin != kNoTime) row.line.at = row.at - origin;
    out.lines.push_back(std::move(row.line));
  }
  return out;
}

}  // namespace coordinator::report
