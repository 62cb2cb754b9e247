// From findings and books to the verdict: a violation makes it fail, valid or not; what is undecided, unbalanced,
// empty, cut off or not really broken makes it inconclusive; else it passes (docs/history.md, section 5).
#pragma once

#include "coordinator/judge/partition_case.h"
#include "coordinator/judge/result.h"

namespace coordinator::judge {

JudgeResult pronounce(RunCase& run);

}  // namespace coordinator::judge
