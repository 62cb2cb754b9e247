// From findings and books to the verdict: a violation makes it fail, valid or not; what is undecided, unbalanced,
// empty, cut off or not really broken makes it inconclusive; else it passes (docs/history.md, section 5). While more
// evidence may come nothing passes, and what only the end decides is no reason yet.
#pragma once

#include "coordinator/judge/parts.h"
#include "coordinator/judge/result.h"

namespace coordinator::judge {

JudgeResult pronounce(const Store& store, const Parts& parts, bool so_far);

}  // namespace coordinator::judge
