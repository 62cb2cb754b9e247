#include "coordinator/report/live_findings.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/base/units.h"

namespace coordinator::report {

using judge::Severity;

namespace {

std::int64_t messages_of(const judge::Finding& finding) {
  std::int64_t count = 0;
  for (const judge::MessageRun& run : finding.messages) count += run.count;
  return std::max<std::int64_t>(count, 1);
}

std::string listed(const LiveFindings& findings, Severity severity) {
  std::string text;
  for (const LiveCount& count : findings.counts) {
    if (count.severity != severity) continue;
    text += (text.empty() ? "" : ", ") + common::base::count_text(count.messages) + " " + judge::name_of(count.kind);
  }
  return text;
}

}  // namespace

bool LiveFindings::violated() const {
  return std::any_of(counts.begin(), counts.end(),
                     [](const LiveCount& count) { return count.severity == Severity::violation; });
}

LiveFindings live_findings(const judge::JudgeResult& judged, const workloads::evidence::Names& names,
                           common::base::Nanos as_of) {
  LiveFindings live;
  live.as_of = as_of;
  live.unread = judged.books.unread;
  std::map<std::pair<Severity, judge::Kind>, LiveCount> counts;
  for (const judge::Finding& finding : judged.findings) {  // violations stand first
    LiveCount& count =
        counts.try_emplace({finding.severity, finding.kind}, LiveCount{finding.kind, finding.severity}).first->second;
    ++count.findings;
    count.messages += messages_of(finding);
    if (live.worst.size() < kMostLiveFindings)
      live.worst.push_back({finding.kind, finding.severity, judge::explain(finding, names)});
  }
  for (const auto& [key, count] : counts) live.counts.push_back(count);
  return live;
}

std::string live_findings_text(const LiveFindings& findings) {
  std::string text;
  if (const std::string violations = listed(findings, Severity::violation); !violations.empty())
    text = "VIOLATED " + violations;
  if (const std::string allowed = listed(findings, Severity::allowed); !allowed.empty())
    text += (text.empty() ? "" : " | ") + std::string("allowed ") + allowed;
  if (const std::string undecided = listed(findings, Severity::undecided); !undecided.empty())
    text += (text.empty() ? "" : " | ") + std::string("undecided ") + undecided;
  return text;
}

}  // namespace coordinator::report
