#include <algorithm>
#include <set>
#include <utility>

#include "coordinator/report/report.h"

namespace coordinator::report {

namespace {

// No message left a trace, and something of ours went wrong: that is no experiment with the cluster at all.
bool nothing_judged(const Report& report) {
  return report.judged.books.sent == 0 && !report.facts.infrastructure.empty();
}

// Without any message nothing was lost either; that is no promise kept.
void undecide_what_nothing_tested(Report& report) {
  if (report.judged.books.sent > 0) return;
  for (Evaluated& one : report.expectations)
    if (one.outcome == Outcome::hit) one = {one.expectation, Outcome::undecided, "", "nothing was sent"};
}

std::vector<std::string> reasons(const Report& report) {
  std::vector<std::string> all = report.stuck;
  all.insert(all.end(), report.facts.infrastructure.begin(), report.facts.infrastructure.end());
  if (nothing_judged(report)) return all;  // everything else follows
  if (!report.facts.stopped.empty())
    all.push_back("the phases ended early, in `" + report.facts.phase +
                  "`: " + in_scenario(report.facts, report.facts.stopped));
  all.insert(all.end(), report.actor_reasons.begin(), report.actor_reasons.end());
  for (const Evaluated& one : report.validity) {
    if (one.outcome == Outcome::hit) continue;
    all.push_back(
        one.outcome == Outcome::missed
            ? "what it is for did not happen: it needs " + one.expectation.text + ", but that is " + one.measured
            : "whether what it is for happened is not known: it needs " + one.expectation.text + ", but " + one.why);
  }
  all.insert(all.end(), report.judged.reasons.begin(), report.judged.reasons.end());
  for (const Evaluated& one : report.expectations)
    // What the judge could not see it has said itself.
    if (one.outcome == Outcome::undecided && (one.why != kNotAllSeen || report.judged.reasons.empty()))
      all.push_back(one.expectation.text + " cannot be decided: " + one.why);
  return all;
}

bool all_waived(const Report& report) {
  std::int64_t violations = 0, accepted = 0;
  for (const judge::Finding& finding : report.judged.findings) {
    violations += finding.severity == judge::Severity::violation ? 1 : 0;
    accepted += waived(report, finding) != nullptr ? 1 : 0;
  }
  for (const judge::LeftOut& left : report.judged.left_out) {  // counted, not listed
    if (left.severity != judge::Severity::violation) continue;
    violations += left.findings;
    accepted += waives(report, left.kind) != nullptr ? left.findings : 0;
  }
  return violations > 0 && violations == accepted;
}

VerdictInput verdict_input(const Report& report) {
  VerdictInput input;
  input.revert_failed = report.facts.revert_failed;
  input.violation = report.judged.verdict == judge::Verdict::fail && !all_waived(report);
  input.nothing_judged = nothing_judged(report);
  input.hang = !report.stuck.empty();
  input.aborted = report.facts.aborted;
  const auto is = [](Outcome outcome) { return [outcome](const Evaluated& one) { return one.outcome == outcome; }; };
  // Where something of ours went wrong (an agent was killed, a gate was missed), a miss may be our own doing: unknown
  // outcomes of a producer that died with its agent say nothing about the cluster.
  const bool ours = !report.facts.infrastructure.empty() || report.facts.salvaged;
  input.expectation_missed =
      !ours && std::any_of(report.expectations.begin(), report.expectations.end(), is(Outcome::missed));
  input.inconclusive = !report.reasons.empty();
  return input;
}

}  // namespace

Report compose(ReportInput input) {
  Report report;
  report.facts = std::move(input.facts);
  report.judged = std::move(input.judged);
  report.measured = std::move(input.measured);
  report.audit = input.audit;
  report.actor_reasons = std::move(input.actor_reasons);
  report.names = std::move(input.names);
  report.expectations = evaluate(input.expectations, report.judged, report.measured);
  report.validity = evaluate(input.validity, report.judged, report.measured);
  undecide_what_nothing_tested(report);
  const auto kinds = scenario::waived_kinds(input.waivers);
  for (scenario::Waiver& waiver : input.waivers) report.waived.push_back({std::move(waiver), 0});
  for (const judge::Finding& finding : report.judged.findings)
    for (Waived& one : report.waived)
      if (finding.severity == judge::Severity::violation && one.waiver.finding == judge::name_of(finding.kind))
        ++one.findings;
  for (const judge::LeftOut& left : report.judged.left_out)
    for (Waived& one : report.waived)
      if (left.severity == judge::Severity::violation && one.waiver.finding == judge::name_of(left.kind))
        one.findings += left.findings;
  report.promises = promised(input.setups, report.judged, *report.names, report.measured.transactions, kinds);
  if (!report.facts.salvaged) report.stuck = stuck(report.measured, report.facts, *report.names);
  report.reasons = reasons(report);
  report.verdict = worst(verdict_input(report));
  report.sentence = sentence(report);
  report.not_proved = not_proved(report);
  return report;
}

const std::string* waives(const Report& report, judge::Kind kind) {
  for (const Waived& one : report.waived)
    if (one.waiver.finding == judge::name_of(kind)) return &one.waiver.because;
  return nullptr;
}

const std::string* waived(const Report& report, const judge::Finding& finding) {
  return finding.severity == judge::Severity::violation ? waives(report, finding.kind) : nullptr;
}

std::string in_scenario(const RunFacts& facts, std::string text) {
  const std::string& suffix = facts.name_suffix;
  if (text.starts_with(facts.run + ".")) text.erase(0, facts.run.size() + 1);  // tasks are named after the run, too
  if (suffix.empty()) return text;
  for (std::size_t at = text.find(suffix); at != std::string::npos; at = text.find(suffix, at))
    text.erase(at, suffix.size());
  return text;
}

std::string partition_text(const Report& report, workloads::evidence::Partition where) {
  return in_scenario(report.facts, report.names->text(where.topic)) + "-" + std::to_string(where.partition);
}

}  // namespace coordinator::report
