// The plan in words, for `firedrill run --dry-run`: what will be started, what will be broken when, how long it lasts,
// and what is expected. Pure.
#pragma once

#include <string>

#include "coordinator/scenario/plan.h"

namespace coordinator::scenario {

std::string plan_text(const Plan& plan);
std::string step_text(const Step& step);  // "kill-leader: kill leader of orders-0 for 12 s"

}  // namespace coordinator::scenario
