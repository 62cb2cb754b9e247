// The verdict of a run: the worst that the findings, the expectations and the validity of the run allow. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coordinator::report {

// From best to worst. Why in this order: verdict.cpp.
enum class Verdict {
  pass,                // 0
  inconclusive,        // 12
  expectation_missed,  // 11
  aborted,             // 30
  hang,                // 13
  infrastructure,      // 20: nothing could be judged
  violated,            // 10
  revert_failed,       // 21
};

int exit_code(Verdict verdict);
std::string_view word(Verdict verdict);  // "pass", "inconclusive", "expectation missed", ...

struct VerdictInput {
  bool revert_failed = false;
  bool violation = false;       // the judge proved one
  bool nothing_judged = false;  // no evidence of any message
  bool hang = false;            // a partition never came back though every fault was reverted
  bool aborted = false;         // by a person
  bool expectation_missed = false;
  bool inconclusive = false;  // of the judge, of an undecided expectation, of the infrastructure, of validity
};
Verdict worst(const VerdictInput& input);

}  // namespace coordinator::report
