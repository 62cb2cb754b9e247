// What a plan has names for.
#include "coordinator/scenario/plan.h"

namespace coordinator::scenario {

std::vector<std::string> phase_names(const Plan& plan) {
  std::vector<std::string> names;
  for (const PlannedPhase& phase : plan.phases) names.push_back(phase.name);
  names.insert(names.end(), {"drain", "audit"});
  return names;
}

std::vector<std::string> fault_names(const Plan& plan) {
  std::vector<std::string> names;
  for (const PlannedPhase& phase : plan.phases)
    for (const Step& step : phase.steps) {
      if (const auto* fault = std::get_if<FaultStep>(&step)) names.push_back(fault->name);
      if (const auto* event = std::get_if<EventStep>(&step)) names.push_back(event->name);
    }
  return names;
}

std::set<std::string> waived_kinds(const std::vector<Waiver>& waivers) {
  std::set<std::string> kinds;
  for (const Waiver& one : waivers) kinds.insert(one.finding);
  return kinds;
}

Read<void> place(Expectation& expectation, const Plan& plan) {
  return place(expectation, phase_names(plan), fault_names(plan));
}

}  // namespace coordinator::scenario
