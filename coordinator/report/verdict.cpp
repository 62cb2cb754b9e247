#include "coordinator/report/verdict.h"

#include <array>

#include "common/base/assert.h"

namespace coordinator::report {

namespace {

struct Row {
  Verdict verdict;
  int exit_code;
  std::string_view word;
};

constexpr std::array<Row, 8> kRows{{
    {Verdict::pass, 0, "pass"},
    {Verdict::inconclusive, 12, "inconclusive"},
    {Verdict::expectation_missed, 11, "expectation missed"},
    {Verdict::aborted, 30, "aborted"},
    {Verdict::hang, 13, "hang"},
    {Verdict::infrastructure, 20, "infrastructure"},
    {Verdict::violated, 10, "violated"},
    {Verdict::revert_failed, 21, "revert failed"},
}};

const Row& row(Verdict verdict) {
  for (const Row& candidate : kRows)
    if (candidate.verdict == verdict) return candidate;
  FIREDRILL_ASSERT(!"a verdict without a row");
  return kRows[0];
}

}  // namespace

int exit_code(Verdict verdict) {
  return row(verdict).exit_code;
}

std::string_view word(Verdict verdict) {
  return row(verdict).word;
}

// The order is by what a person must do first.
//   revert failed   A host is still broken: that comes before any question about messages.
//   violated        Proved by evidence. Nothing that went wrong with us, and no key press, takes a proof back.
//   infrastructure  There is no evidence, so nothing below has a meaning.
//   hang            The cluster or a client never came back; what was measured up to then is measured on a stuck
//   system. aborted         By a person, who knows why; expectations on half a run are no news, violations (above) are.
//   missed          Measured, and too bad, even if the run is not valid for the rest.
//   inconclusive    Nothing bad was proved, and nothing good either.
Verdict worst(const VerdictInput& input) {
  if (input.revert_failed) return Verdict::revert_failed;
  if (input.violation) return Verdict::violated;
  if (input.nothing_judged) return Verdict::infrastructure;
  if (input.hang) return Verdict::hang;
  if (input.aborted) return Verdict::aborted;
  if (input.expectation_missed) return Verdict::expectation_missed;
  if (input.inconclusive) return Verdict::inconclusive;
  return Verdict::pass;
}

}  // namespace coordinator::report
