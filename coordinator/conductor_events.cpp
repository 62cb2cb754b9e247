// Events: what happens to the client of a workload on purpose. The workload writes down what became of it, as a fault
// of its own; the conductor says when, and waits until it is over.
#include <nlohmann/json.hpp>

#include "common/protocol/task_event.h"
#include "coordinator/conductor.h"
#include "coordinator/scenario/plan_text.h"

namespace coordinator {

using workloads::evidence::FaultState;

namespace {

// progress of a workload: {"events": {ID: STATE}}
std::string state_of(const nlohmann::json& progress, const std::string& event) {
  const auto events = progress.find("events");
  if (events == progress.end() || !events->is_object()) return "";
  const auto state = events->find(event);
  return state != events->end() && state->is_string() ? state->get<std::string>() : "";
}

}  // namespace

bool Conductor::take_event(const scenario::EventStep& step) {
  record_->evidence().fault(step.name, step.event, step.task, FaultState::planned, common::base::steady_now(),
                            record_->state().host, "");
  if (!record_->save()) return false;
  const auto asked =
      tasks_->happen(step.task, {step.name, step.event, step.duration / common::base::kMillisecond}, setup_.timing.ask);
  if (asked.has_error() && tasks_->unanswered(step.task)) {
    record_->problem("whether event " + step.name + " happens is not known: " + asked.error().what);
    return false;
  }
  if (asked.has_error()) {
    refuse_event(step, asked.error().what);
    return true;
  }
  waiting_for_ = step.name + " over";
  const auto span =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds(longest(setup_.plan, step)));
  const auto waited = wait(span, Patience::phases, [&] {
    return tasks_->ended(step.task) || state_of(tasks_->view(step.task).status.progress, step.name) == "over";
  });
  waiting_for_.clear();
  if (waited == Waited::deadline) record_->problem("event " + step.name + " was not over in time");
  return waited == Waited::held;
}

// The judge finds it planned and never active, hence inconclusive.
void Conductor::refuse_event(const scenario::EventStep& step, const std::string& why) {
  record_->event("event refused", {{"event", step.name}, {"task", step.task}, {"why", why}});
  record_->evidence().fault(step.name, step.event, step.task, FaultState::failed, common::base::steady_now(),
                            record_->state().host, why);
  record_->save();
}

}  // namespace coordinator
