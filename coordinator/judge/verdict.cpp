#include "coordinator/judge/verdict.h"

#include <algorithm>
#include <set>
#include <string>

namespace coordinator::judge {

namespace {

constexpr std::size_t kMostImbalances = 20;  // lines that are named; all of them count

void add_undecided(const JudgeResult& result, std::vector<std::string>& reasons) {
  for (const Kind kind : {Kind::unread, Kind::unprocessed}) {
    std::int64_t records = 0;
    for (const Finding& finding : result.findings)
      if (finding.kind == kind && finding.severity == Severity::undecided)
        for (const MessageRun& run : finding.messages) records += run.count;
    if (records == 0) continue;
    reasons.push_back(std::to_string(records) + (kind == Kind::unread
                                                     ? " acked records were read by nobody yet (unread)"
                                                     : " acked records were read only by transactions that "
                                                       "did not commit (unprocessed)"));
  }
}

void add_imbalances(std::vector<Imbalance>& imbalances, std::vector<std::string>& reasons) {
  std::sort(imbalances.begin(), imbalances.end(), [](const Imbalance& a, const Imbalance& b) {
    return a.line != b.line ? a.line < b.line : std::string_view(a.what) < b.what;
  });
  std::set<std::int64_t> told;
  std::size_t left_out = 0;
  for (const Imbalance& imbalance : imbalances) {
    if (!told.insert(imbalance.line).second) continue;
    if (told.size() > kMostImbalances) {
      ++left_out;
      continue;
    }
    reasons.push_back("the books do not balance: line " + std::to_string(imbalance.line) + " is " + imbalance.what);
  }
  if (left_out > 0) reasons.push_back("the books do not balance: " + std::to_string(left_out) + " more lines");
}

void add_faults(const Store& store, std::vector<std::string>& reasons) {
  std::vector<std::string> found;
  for (const auto& [id, fault] : store.faults) {
    const std::string name = "the fault " + store.names.text(id) + " (" + store.names.text(fault.kind) + ")";
    if (!fault.active) found.push_back(name + " never became active");
    if (fault.active && !fault.reverted) found.push_back(name + " was active and not reverted");
  }
  std::sort(found.begin(), found.end());
  reasons.insert(reasons.end(), found.begin(), found.end());
}

}  // namespace

JudgeResult pronounce(RunCase& run) {
  JudgeResult result;
  result.findings = run.out.settle();
  result.books = run.books;
  const Books& b = result.books;
  result.books.balanced = run.imbalances.empty() && b.sent == b.acked + b.refused + b.unknown + b.aborted &&
                          b.acked == b.present + b.lost + b.unread + b.excused;
  add_undecided(result, result.reasons);
  add_imbalances(run.imbalances, result.reasons);
  if (!result.books.balanced && run.imbalances.empty()) result.reasons.push_back("the books do not balance");
  if (b.acked == 0) result.reasons.push_back("nothing was acked");
  if (!run.store.ended) result.reasons.push_back("the history was cut off: its `end` is missing");
  add_faults(run.store, result.reasons);
  const bool violated = std::any_of(result.findings.begin(), result.findings.end(),
                                    [](const Finding& f) { return f.severity == Severity::violation; });
  if (violated) {
    result.verdict = Verdict::fail;
    result.exit_code = 10;
  } else if (!result.reasons.empty()) {
    result.verdict = Verdict::inconclusive;
    result.exit_code = 12;
  } else {
    result.verdict = Verdict::pass;
    result.exit_code = 0;
  }
  return result;
}

}  // namespace coordinator::judge
