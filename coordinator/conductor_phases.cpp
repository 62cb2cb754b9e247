// The middle of a run: phase by phase, step by step; each is stored before it is taken.
#include <filesystem>

#include "common/base/units.h"
#include "coordinator/conductor.h"
#include "coordinator/scenario/plan_text.h"

namespace coordinator {

using scenario::Condition;
using scenario::GateMetric;

namespace {

std::chrono::milliseconds to_ms(Nanos span) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds(span));
}

}  // namespace

void Conductor::run_phases() {
  auto& state = record_->state();
  std::size_t first = 0;
  std::size_t step = 0;
  for (std::size_t i = 0; i < setup_.plan.phases.size(); ++i) {
    if (setup_.plan.phases[i].name != state.phase) continue;
    first = i;
    step = static_cast<std::size_t>(state.step);
  }
  for (std::size_t i = first; i < setup_.plan.phases.size(); ++i, step = 0) {
    const auto& phase = setup_.plan.phases[i];
    record_->evidence().phase(phase.name, common::base::steady_now());
    if (step == 0) record_->event("phase", {{"phase", phase.name}});
    for (; step < phase.steps.size(); ++step) {
      state.phase = phase.name;
      state.step = static_cast<std::int64_t>(step);
      if (!record_->save()) return;
      record_->event("step", {{"phase", phase.name}, {"step", step_text(phase.steps[step])}});
      const bool go_on = take(phase.steps[step]);
      waiting_for_.clear();
      if (!go_on || interrupted(Patience::phases)) return;
    }
  }
}

bool Conductor::take(const scenario::Step& step) {
  if (const auto* pause = std::get_if<scenario::WaitStep>(&step))
    return wait(to_ms(pause->duration), Patience::phases, [] { return false; }) == Waited::deadline;
  if (const auto* hold = std::get_if<scenario::HoldStep>(&step)) return take_hold(*hold);
  if (const auto* event = std::get_if<scenario::EventStep>(&step)) return take_event(*event);
  if (const auto* gate = std::get_if<scenario::GateStep>(&step)) return take_gate(*gate);
  return take_fault(std::get<scenario::FaultStep>(step));
}

// Something outside of the run is done to the cluster meanwhile; whoever does it says go.
bool Conductor::take_hold(const scenario::HoldStep& step) {
  waiting_for_ = "go " + step.name;
  const std::string file = setup_.directory.path() + "/go-" + step.name;
  record_->event("hold", {{"hold", step.name}, {"file", file}});
  const auto waited = wait(to_ms(step.deadline), Patience::phases, [&] { return std::filesystem::exists(file); });
  if (waited == Waited::held) record_->event("go", {{"hold", step.name}});
  if (waited == Waited::deadline) {
    record_->problem("nobody said go to `" + step.name + "` within " + common::base::duration_text(step.deadline));
  }
  return waited == Waited::held;
}

bool Conductor::take_gate(const scenario::GateStep& step) {
  const auto condition = scenario::parse_condition(step.condition);
  if (condition.has_error()) {
    record_->problem(condition.error().what);
    return false;
  }
  waiting_for_ = step.condition;
  // What the observer says must be newer than the question, or a gate would pass by what was true before the fault.
  const Nanos asked = common::base::steady_now();
  const bool of_cluster = condition->metric != GateMetric::acked && condition->metric != GateMetric::delivered;
  const auto waited = wait(to_ms(step.deadline), Patience::phases, [&] {
    return (!of_cluster || fresh_observation(asked).has_value()) && gate_holds(*condition);
  });
  if (waited == Waited::deadline)
    record_->problem("`" + step.condition + "` did not come true within " + common::base::duration_text(step.deadline));
  return waited == Waited::held;
}

bool Conductor::gate_holds(const Condition& condition) {
  if (condition.metric == GateMetric::acked || condition.metric == GateMetric::delivered) {
    std::int64_t acked = 0;
    std::map<std::string, std::int64_t> delivered;  // by group, a reader by hand by itself
    for (const auto& workload : setup_.plan.workloads) {
      const auto progress = tasks_->view(workload.task).status.progress;
      if (workload.sends()) acked += produce_numbers(progress).acked;
      if (workload.reads())
        delivered[workload.group.empty() ? "task " + workload.task : workload.group] +=
            consume_numbers(progress).delivered;
    }
    if (condition.metric == GateMetric::acked) return scenario::holds(condition, acked, 0);
    std::int64_t least = delivered.empty() ? 0 : delivered.begin()->second;
    for (const auto& [reader, count] : delivered) least = std::min(least, count);
    return scenario::holds(condition, least, 0);
  }
  const auto seen = observation_from(tasks_->view(observer_).status.progress);
  if (condition.metric == GateMetric::brokers) {
    return scenario::holds(condition, static_cast<std::int64_t>(seen.brokers.size()),
                           static_cast<std::int64_t>(setup_.fleet.facts().brokers.size()));
  }
  if (condition.metric == GateMetric::lag) {
    std::int64_t largest = -1;
    for (const auto& [group, view] : seen.groups)
      for (const auto& [partition, lag] : view.lag) largest = std::max(largest, lag);
    return largest >= 0 && scenario::holds(condition, largest, 0);
  }
  return isr_holds(condition, seen);
}

// Of every partition by itself: `full` is its own number of replicas.
bool Conductor::isr_holds(const Condition& condition, const Observation& seen) const {
  for (const auto& topic : setup_.plan.topics) {
    const auto partitions = partitions_of(seen, topic.name + suffix_);
    if (partitions.size() < static_cast<std::size_t>(topic.partitions)) return false;  // not told is not full
    for (const auto& [index, view] : partitions)
      if (view.leader < 0 || !scenario::holds(condition, static_cast<std::int64_t>(view.isr.size()),
                                              static_cast<std::int64_t>(view.replicas.size())))
        return false;
  }
  return true;
}

std::optional<Observation> Conductor::fresh_observation(Nanos since) {
  if (observer_.empty() || !tasks_->known(observer_)) return std::nullopt;
  auto seen = observation_from(tasks_->view(observer_).status.progress);
  const auto at = on_our_clock(seen.at);
  if (seen.at == 0 || !at.has_value() || *at <= since) return std::nullopt;
  return seen;
}

std::optional<Nanos> Conductor::on_our_clock(Nanos at_observer) {
  const auto clock = tasks_->session(tasks_->agent_of(observer_)).clock();
  if (!clock.has_value()) return std::nullopt;
  return at_observer - clock->offset - clock->error;
}

bool Conductor::await_observation(Nanos since, Patience patience) {
  return wait(setup_.timing.fresh, patience, [&] { return fresh_observation(since).has_value(); }) == Waited::held;
}

}  // namespace coordinator
