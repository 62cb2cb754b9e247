// What a reader must not conclude from this run. Every line is computed from what happened; none is always there.
#include <algorithm>
#include <set>

#include "common/base/units.h"
#include "coordinator/report/report.h"

namespace coordinator::report {

using common::base::count_text;

namespace {

const std::set<std::string> kProcessFaults{"kill", "stop", "pause", "restart"};

void about_faults(const Report& report, std::vector<std::string>& lines) {
  std::set<std::string> felt;
  for (const FaultMeasured& fault : report.measured.faults)
    if (fault.active) felt.insert(fault.kind);
  if (felt.empty()) {
    lines.push_back("Anything about faults: none was felt.");
    return;
  }
  if (std::includes(kProcessFaults.begin(), kProcessFaults.end(), felt.begin(), felt.end()))
    lines.push_back("Power loss, network and disk: only processes were touched, the page cache survived.");
  if (!report.measured.controller_touched)
    lines.push_back(report.measured.run.controller_observed
                        ? "A change of the active controller: there was none."
                        : "A change of the active controller: it was not observed throughout, and none was seen.");
}

void about_rare_events(const Report& report, std::vector<std::string>& lines) {
  const std::int64_t acked = report.judged.books.acked;
  if (acked < 3) return;
  // Rule of three: what was not seen in n independent trials happens, with 95 % confidence, less often than 3 in n.
  std::string text = "Defects rarer than one in about " + count_text(acked / 3) + " records";
  const std::int64_t moved = report.measured.run.leader_changes;
  if (moved > 0)
    text += ", or that need more than " + count_text(moved) + (moved == 1 ? " leader change" : " leader changes");
  lines.push_back(text + " (rule of three).");
}

void about_outcomes(const Report& report, std::vector<std::string>& lines) {
  const judge::Books& books = report.judged.books;
  if (books.unknown > 0)
    lines.push_back("The fate of " + count_text(books.unknown) + " records: their producer never learned it; " +
                    count_text(books.unknown_landed) + " of them are in the log, and either is legal.");
  if (books.excused > 0)
    lines.push_back(count_text(books.excused) +
                    " acked records below the log start or compacted away: they cannot be looked for.");
  if (!report.measured.transactions && books.acked > 0) lines.push_back("Transactions: none was used.");
}

void about_reading(const Report& report, std::vector<std::string>& lines) {
  const std::int64_t expected = report.facts.partitions_expected;
  if (report.audit.partitions < expected)
    lines.push_back("Absence in " + count_text(expected - report.audit.partitions) + " of " + count_text(expected) +
                    " partitions: they were not audited.");
  if (report.audit.records_below_start > 0)
    lines.push_back("What was below the log start when it was audited: " +
                    count_text(report.audit.records_below_start) + " offsets.");
  if (report.measured.lag_left > 0)
    lines.push_back("That groups catch up: their lag was " + count_text(report.measured.lag_left) +
                    " when it was last seen.");
  if (report.measured.run.end_to_end.histogram.count() > 0 && !report.measured.run.end_to_end.clock_error)
    lines.push_back("End-to-end latencies: the clocks of two hosts were never compared.");
}

}  // namespace

std::vector<std::string> not_proved(const Report& report) {
  if (report.judged.books.sent == 0) return {"Anything: no message was sent."};
  std::vector<std::string> lines;
  about_outcomes(report, lines);
  about_reading(report, lines);
  about_faults(report, lines);
  about_rare_events(report, lines);
  return lines;
}

}  // namespace coordinator::report
