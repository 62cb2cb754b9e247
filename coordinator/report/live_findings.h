// What the judge can tell while a run goes on: findings so far, bounded, in words. Violations among them stay, whatever
// comes later (judge.h); what is undecided may still be settled. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "coordinator/judge/result.h"
#include "workloads/evidence/names.h"

namespace coordinator::report {

struct LiveCount {
  judge::Kind kind;
  judge::Severity severity;
  std::int64_t findings = 0;
  judge::Count messages;  // of all of them; a finding without messages counts as one
  bool waived = false;    // violations that the scenario's author accepts
};

struct LiveFinding {
  judge::Kind kind;
  judge::Severity severity;
  std::string explanation;  // one sentence, names as on the cluster
};

struct LiveFindings {
  std::optional<common::base::Nanos> as_of;  // monotonic clock: when the evidence that was judged had been read
  std::int64_t unread = 0;                   // acked, and read by nobody yet: on their way, or lost
  std::vector<LiveCount> counts;             // worst first
  std::vector<LiveFinding> worst;            // violations first, waived ones behind them, at most kMostLiveFindings
  std::string problem;                       // why nothing newer is judged; "": nothing

  bool violated() const;  // by what is not waived
};
inline constexpr std::size_t kMostLiveFindings = 20;

// `waived`: kinds of findings that the scenario waives.
LiveFindings live_findings(const judge::JudgeResult& judged, const workloads::evidence::Names& names,
                           const std::set<std::string>& waived, common::base::Nanos as_of);

// "VIOLATED 3 lost, 1 duplicated | waived 2 reordered": what the live line says of them. "": nothing that was not to be
// expected.
std::string live_findings_text(const LiveFindings& findings);

}  // namespace coordinator::report
