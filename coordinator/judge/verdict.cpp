#include "coordinator/judge/verdict.h"

#include <algorithm>
#include <set>
#include <string>

#include "coordinator/judge/finding_list.h"

namespace coordinator::judge {

namespace {

constexpr std::size_t kMostImbalances = 20;  // lines that are named; all of them count

Count records_of(const JudgeResult& result, Kind kind, Severity severity) {
  Count records;
  for (const Finding& finding : result.findings)
    if (finding.kind == kind && finding.severity == severity) records += records_of(finding);
  for (const LeftOut& left : result.left_out)
    if (left.kind == kind && left.severity == severity) records += left.records;
  return records;
}

void add_undecided(const JudgeResult& result, std::vector<std::string>& reasons) {
  const std::int64_t unread = records_of(result, Kind::unread, Severity::undecided);
  if (unread > 0) reasons.push_back(std::to_string(unread) + " acked records were read by nobody yet (unread)");
  const std::int64_t unprocessed = records_of(result, Kind::unprocessed, Severity::undecided);
  if (unprocessed > 0)
    reasons.push_back(std::to_string(unprocessed) +
                      " acked records were read only by transactions that did not commit (unprocessed)");
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

void add(Books& sum, const Books& more) {
  sum.sent += more.sent;
  sum.acked += more.acked;
  sum.refused += more.refused;
  sum.unknown += more.unknown;
  sum.aborted += more.aborted;
  sum.present += more.present;
  sum.lost += more.lost;
  sum.unread += more.unread;
  sum.excused += more.excused;
  sum.unknown_landed += more.unknown_landed;
  sum.extra_copies += more.extra_copies;
  sum.phantom += more.phantom;
  sum.foreign += more.foreign;
}

// The findings of all partitions, and of what reaches over them.
JudgeResult merge(RunCase& run, const std::vector<Part>& parts) {
  JudgeResult result;
  FindingList findings(run.store.names);
  for (const Part& part : parts) {
    for (const Finding& finding : part.findings) findings.add(finding);
    for (const LeftOut& left : part.left_out) findings.leave_out(left);
    add(run.books, part.books);
    run.imbalances.insert(run.imbalances.end(), part.imbalances.begin(), part.imbalances.end());
    run.outputs.insert(run.outputs.end(), part.outputs.begin(), part.outputs.end());
    run.reads.insert(run.reads.end(), part.reads.begin(), part.reads.end());
  }
  find_processed_twice(run);
  find_read_cycles(run);
  for (Finding& finding : run.out.settle()) findings.add(std::move(finding));
  for (const LeftOut& left : run.out.left_out()) findings.leave_out(left);
  result.findings = findings.take();
  result.left_out = findings.left_out();
  result.books = run.books;
  const Books& b = result.books;
  result.books.balanced = run.imbalances.empty() && b.sent.is_sum_of({b.acked, b.refused, b.unknown, b.aborted}) &&
                          b.acked.is_sum_of({b.present, b.lost, b.unread, b.excused});
  return result;
}

// What makes it inconclusive, or would if it did not fail.
void add_reasons(RunCase& run, JudgeResult& result) {
  std::vector<std::string>& reasons = result.reasons;
  if (result.so_far)
    reasons.push_back("it goes on: what is no violation by now may yet become one, and what is undecided be excused");
  if (!result.so_far) add_undecided(result, reasons);
  add_imbalances(run.imbalances, reasons);
  if (!result.books.balanced && run.imbalances.empty()) reasons.push_back("the books do not balance");
  if (result.so_far) return;  // the rest is of the end
  if (result.books.acked == 0) reasons.push_back("nothing was acked");
  if (!run.store.ended) reasons.push_back("the history was cut off: its `end` is missing");
  add_faults(run.store, reasons);
}

}  // namespace

JudgeResult pronounce(const Store& store, const Parts& parts, bool so_far) {
  RunCase run{store, parts.transactions(), so_far, Accusations(store, so_far), {}, {}, {}, {}, false};
  JudgeResult result = merge(run, parts.all());
  result.so_far = so_far;
  add_reasons(run, result);
  if (has_violation(result)) {
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
