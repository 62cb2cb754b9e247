// A verdict over what is intact of broken evidence: it may fail, on what nothing that is missing could excuse, and can
// never pass. Pure.
#pragma once

#include <string>
#include <vector>

#include "coordinator/judge/judge.h"

namespace coordinator::judge {

// `left_out`: what could not be used, a line each. `holes`: not only the ends of actors' evidence are missing.
JudgeResult judge_salvaged(const Judge& judge, const std::vector<std::string>& left_out, bool holes);

}  // namespace coordinator::judge
