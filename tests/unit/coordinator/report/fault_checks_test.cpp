#include "coordinator/report/fault_checks.h"

#include <gtest/gtest.h>

namespace coordinator::report {
namespace {

namespace evidence = workloads::evidence;
using evidence::FaultState;

std::vector<std::string> told(const std::vector<FaultState>& states) {
  evidence::Names names;
  FaultChecks checks(names);
  evidence::Fault fault;
  fault.fault = names.intern("cut-off");
  for (const FaultState state : states) {
    fault.state = state;
    fault.proof = state == FaultState::failed ? names.intern("the table is gone") : evidence::kNoId;
    checks.add(fault);
  }
  return checks.reasons();
}

TEST(FaultChecks, a_fault_that_bit_until_it_was_reverted_is_nothing_to_tell) {
  EXPECT_TRUE(told({FaultState::planned, FaultState::injecting, FaultState::active, FaultState::reverting,
                    FaultState::reverted})
                  .empty());
}

TEST(FaultChecks, a_fault_that_stopped_biting_keeps_the_run_from_proving_anything) {
  EXPECT_EQ(told({FaultState::injecting, FaultState::active, FaultState::failed, FaultState::reverting,
                  FaultState::reverted}),
            std::vector<std::string>{"the fault cut-off did not bite until its end: the table is gone"});
}

TEST(FaultChecks, neither_a_fault_that_was_never_felt_nor_a_revert_that_failed_is_told_here) {
  EXPECT_TRUE(told({FaultState::injecting, FaultState::failed, FaultState::reverting, FaultState::reverted}).empty());
  EXPECT_TRUE(told({FaultState::active, FaultState::reverting, FaultState::failed}).empty());
}

}  // namespace
}  // namespace coordinator::report
