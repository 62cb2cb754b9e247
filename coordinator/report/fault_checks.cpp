#include "coordinator/report/fault_checks.h"

namespace coordinator::report {

namespace evidence = workloads::evidence;
using evidence::FaultState;

void FaultChecks::add(const evidence::Event& event) {
  const auto* fault = std::get_if<evidence::Fault>(&event);
  if (fault == nullptr) return;
  bool& biting = biting_[fault->fault];
  if (fault->state == FaultState::failed && biting) {
    const std::string proof = fault->proof == evidence::kNoId ? "" : ": " + names_.text(fault->proof);
    reasons_.push_back("the fault " + names_.text(fault->fault) + " did not bite until its end" + proof);
  }
  biting = fault->state == FaultState::active;
}

}  // namespace coordinator::report
