#include "coordinator/report/live_findings.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "common/base/units.h"

namespace coordinator::report {

using judge::Severity;

namespace {

std::string listed(const LiveFindings& findings, const char* word, Severity severity, bool waived = false) {
  std::string text;
  for (const LiveCount& count : findings.counts) {
    if (count.severity != severity || count.waived != waived) continue;
    text += (text.empty() ? word : ", ") + common::base::count_text(count.messages) + " " + judge::name_of(count.kind);
  }
  return text;
}

}  // namespace

bool LiveFindings::violated() const {
  return std::any_of(counts.begin(), counts.end(),
                     [](const LiveCount& count) { return count.severity == Severity::violation && !count.waived; });
}

LiveFindings live_findings(const judge::JudgeResult& judged, const workloads::evidence::Names& names,
                           const std::set<std::string>& waived, common::base::Nanos as_of) {
  LiveFindings live;
  live.as_of = as_of;
  live.unread = judged.books.unread;
  const auto accepted = [&](const auto& one) {
    return one.severity == Severity::violation && waived.contains(judge::name_of(one.kind));
  };
  std::map<std::tuple<Severity, bool, judge::Kind>, LiveCount> counts;
  const auto note = [&](const auto& one, std::int64_t findings, judge::Count messages) {
    const bool is_waived = accepted(one);
    LiveCount& count =
        counts.try_emplace({one.severity, is_waived, one.kind}, LiveCount{one.kind, one.severity, 0, 0, is_waived})
            .first->second;
    count.findings += findings;
    count.messages += messages;
  };
  for (const judge::Finding& finding : judged.findings)
    note(finding, 1, std::max<std::int64_t>(judge::records_of(finding), 1));
  for (const judge::LeftOut& left : judged.left_out) note(left, left.findings, left.records);
  for (const auto& [key, count] : counts) live.counts.push_back(count);
  const auto list = [&](bool violations, bool waived_ones) {  // they are sorted by severity as they are
    for (const judge::Finding& finding : judged.findings)
      if (live.worst.size() < kMostLiveFindings && (finding.severity == Severity::violation) == violations &&
          accepted(finding) == waived_ones)
        live.worst.push_back({finding.kind, finding.severity, judge::explain(finding, names)});
  };
  list(true, false);
  list(true, true);
  list(false, false);
  return live;
}

std::string live_findings_text(const LiveFindings& findings) {
  std::string text;
  for (const std::string& part :
       {listed(findings, "VIOLATED ", Severity::violation), listed(findings, "waived ", Severity::violation, true),
        listed(findings, "allowed ", Severity::allowed), listed(findings, "undecided ", Severity::undecided)})
    if (!part.empty()) text += (text.empty() ? "" : " | ") + part;
  return text;
}

}  // namespace coordinator::report
