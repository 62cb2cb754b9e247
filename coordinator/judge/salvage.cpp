// What is missing may be anything. As long as it is the end of each actor's evidence, that is what Judge::so_far() is
// about: it calls a violation only what nothing that comes later can excuse, and no absence is among that. Where lines
// are missing in between, neither the order of an actor's lines nor its ownerships nor a transaction's states are
// known; what then stays is what one or two records show by themselves, once an outcome of their own was told: a line
// that is missing may have refused them, and then they are phantoms and not duplicated or misrouted.
#include "coordinator/judge/salvage.h"

#include <algorithm>
#include <utility>

#include "coordinator/judge/finding_list.h"

namespace coordinator::judge {

namespace {

bool shows_by_itself(Kind kind) {
  return kind == Kind::duplicated || kind == Kind::misrouted || kind == Kind::corrupt;
}

}  // namespace

JudgeResult judge_salvaged(const Judge& judge, const std::vector<std::string>& left_out, bool holes) {
  JudgeResult result = judge.so_far(holes);
  if (holes) {
    for (Finding& finding : result.findings)
      if (finding.severity == Severity::violation && !shows_by_itself(finding.kind))
        finding.severity = Severity::undecided;
    std::vector<LeftOut> not_listed;
    for (LeftOut left : result.left_out) {
      if (left.severity == Severity::violation && !shows_by_itself(left.kind)) left.severity = Severity::undecided;
      add_left_out(not_listed, left);
    }
    result.left_out = std::move(not_listed);
  }
  const auto by_severity = [](const Finding& a, const Finding& b) { return a.severity < b.severity; };
  std::stable_sort(result.findings.begin(), result.findings.end(), by_severity);
  const bool violated = has_violation(result);
  result.verdict = violated ? Verdict::fail : Verdict::inconclusive;
  result.exit_code = violated ? 10 : 12;
  result.reasons.clear();  // that it goes on is no reason here, and no books balance
  for (const std::string& what : left_out) result.reasons.push_back("left out: " + what);
  if (left_out.empty())
    result.reasons.push_back(
        "it was salvaged, and what is salvaged cannot pass; nothing is broken, so judge it without");
  return result;
}

}  // namespace coordinator::judge
