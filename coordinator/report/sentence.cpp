// The verdict in one sentence: what happened to the messages, and what to look at next.
#include <algorithm>

#include "common/base/units.h"
#include "coordinator/report/report.h"

namespace coordinator::report {

using common::base::count_text;

namespace {

std::string plural(std::int64_t count, const std::string& one, const std::string& many) {
  return count_text(count) + " " + (count == 1 ? one : many);
}

std::int64_t felt_faults(const Report& report) {
  return std::count_if(report.measured.faults.begin(), report.measured.faults.end(),
                       [](const FaultMeasured& fault) { return fault.active.has_value(); });
}

std::string allowed_text(const Report& report) {
  std::int64_t allowed = 0;
  for (const judge::Finding& finding : report.judged.findings)
    allowed += finding.severity == judge::Severity::allowed ? 1 : 0;
  for (const judge::LeftOut& left : report.judged.left_out)
    allowed += left.severity == judge::Severity::allowed ? left.findings : 0;
  if (allowed == 0) return "";
  return "; " + plural(allowed, "finding is", "findings are") + " allowed by the configuration (below)";
}

std::string waived_text(const Report& report) {
  std::string text;
  for (const Waived& one : report.waived)
    if (one.findings > 0)
      text += (text.empty() ? "" : ", ") + plural(one.findings, "finding", "findings") + " of " + one.waiver.finding;
  return text.empty() ? "" : "; waived by the scenario: " + text;
}

bool any_waived(const Report& report) {
  return std::any_of(report.waived.begin(), report.waived.end(), [](const Waived& one) { return one.findings > 0; });
}

std::string beyond_waivers(const Report& report) {
  return any_waived(report) ? " beyond what the scenario waives" : "";
}

std::string passed(const Report& report) {
  const judge::Books& books = report.judged.books;
  std::string text = "All " + count_text(books.acked) + " acked records ";
  text += books.lost + books.excused == 0 ? "are in the log and were read" : "are accounted for";
  const std::int64_t faults = felt_faults(report);
  if (faults > 0) {
    text += ", through " + plural(faults, "fault", "faults");
    if (const std::int64_t moved = report.measured.run.leader_changes; moved > 0)
      text += " and " + plural(moved, "leader change", "leader changes");
  }
  if (report.measured.producer_stalls.empty() && report.measured.consumer_stalls.empty())
    return text + allowed_text(report) + waived_text(report) + ".";
  text += "; partitions were silent for at most " +
          common::base::duration_text(
              std::max(report.measured.run.producers.longest, report.measured.run.consumers.longest));
  return text + allowed_text(report) + waived_text(report) + ".";
}

std::string violated(const Report& report) {
  std::int64_t violations = 0;
  const judge::Finding* first = nullptr;
  for (const judge::Finding& finding : report.judged.findings) {
    if (finding.severity != judge::Severity::violation || waived(report, finding) != nullptr) continue;
    if (first == nullptr) first = &finding;
    ++violations;
  }
  for (const judge::LeftOut& left : report.judged.left_out)
    violations +=
        left.severity == judge::Severity::violation && waives(report, left.kind) == nullptr ? left.findings : 0;
  if (first == nullptr) return "The judge proved a violation.";
  std::string text = judge::name_of(first->kind);
  text += ": " + in_scenario(report.facts, judge::explain(*first, *report.names));
  if (!text.empty() && text.back() == '.') text.pop_back();
  if (violations > 1) text += "; and " + plural(violations - 1, "more violation", "more violations");
  return text + ".";
}

std::string and_more(const std::vector<std::string>& reasons) {
  if (reasons.empty()) return "no reason was recorded.";
  std::string text = reasons.front();
  if (!text.empty() && text.back() == '.') text.pop_back();
  if (reasons.size() > 1)
    text += " (and " + plural(static_cast<std::int64_t>(reasons.size()) - 1, "more reason", "more reasons") + ")";
  return text + ".";
}

std::string missed(const Report& report) {
  std::string text;
  for (const Evaluated& one : report.expectations)
    if (one.outcome == Outcome::missed)
      text += (text.empty() ? "" : "; ") + one.expectation.text + " was missed: " + one.measured;
  if (!everything_seen(report.judged)) return text + ". Nothing worse was proved" + beyond_waivers(report) + ".";
  return text + ". No message was mistreated beyond what the configuration allows" +
         (any_waived(report) ? " and the scenario waives." : ".");
}

}  // namespace

std::string sentence(const Report& report) {
  switch (report.verdict) {
    case Verdict::pass:
      return passed(report);
    case Verdict::violated:
      return violated(report);
    case Verdict::expectation_missed:
      return missed(report);
    case Verdict::inconclusive:
      return "Nothing bad was found" + beyond_waivers(report) +
             ", but this run cannot pass: " + and_more(report.reasons);
    case Verdict::aborted:
      return "Aborted by a person" + (report.facts.phase.empty() ? "" : " in phase " + report.facts.phase) +
             "; what was recorded until then shows no violation" + beyond_waivers(report) + ".";
    case Verdict::hang:
      return "A client or the cluster never came back: " + and_more(report.reasons);
    case Verdict::infrastructure:
      return "Nothing could be judged: " + and_more(report.reasons);
    case Verdict::revert_failed:
      return "A fault could not be reverted, the host is dirty; clean it before anything else: " +
             and_more(report.reasons);
  }
  return "";
}

}  // namespace coordinator::report
