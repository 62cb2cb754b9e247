#include "coordinator/report/verdict.h"

#include <gtest/gtest.h>

namespace coordinator::report {
namespace {

TEST(Verdict, nothing_wrong_is_a_pass) {
  EXPECT_EQ(worst({}), Verdict::pass);
  EXPECT_EQ(exit_code(Verdict::pass), 0);
}

TEST(Verdict, the_worst_wins) {
  VerdictInput input;
  const auto step = [&](bool VerdictInput::*member, int expected) {
    input.*member = true;
    EXPECT_EQ(exit_code(worst(input)), expected);
  };
  step(&VerdictInput::inconclusive, 12);
  step(&VerdictInput::expectation_missed, 11);
  step(&VerdictInput::aborted, 30);
  step(&VerdictInput::hang, 13);
  step(&VerdictInput::nothing_judged, 20);
  step(&VerdictInput::violation, 10);
  step(&VerdictInput::revert_failed, 21);
}

TEST(Verdict, hard_evidence_fails_even_an_aborted_run_that_proves_nothing_else) {
  VerdictInput input;
  input.violation = input.aborted = input.inconclusive = true;
  EXPECT_EQ(worst(input), Verdict::violated);
}

}  // namespace
}  // namespace coordinator::report
