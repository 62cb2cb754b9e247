// Faults: bound, checked, injected, kept alive by their leases, reverted. The agent proves that one is felt; the
// conductor only says when.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "common/protocol/fault_spec.h"
#include "coordinator/blast_radius.h"
#include "coordinator/conductor.h"
#include "coordinator/fault_binding.h"
#include "coordinator/target.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using scenario::FaultStep;
using workloads::evidence::FaultState;

namespace {

std::string task_of(const FaultStep& step) {
  return "fault." + step.name;
}

bool injecting(const std::string& state) {
  return state == "accepted" || state == "injecting" || state == "running";
}

}  // namespace

bool Conductor::take_fault(const FaultStep& step) {
  const std::string task = task_of(step);
  record_->evidence().fault(step.name, step.kind, step.target, FaultState::planned, common::base::steady_now(),
                            record_->state().host, "");
  if (!record_->save()) return false;
  BoundFault bound;
  if (!tasks_->known(task)) {  // known: an earlier coordinator has bound it, and what it bound holds
    auto found = bind(step);
    const auto survivable = found.has_error() ? Result<void>(found.error()) : check_radius(step, found->node);
    if (survivable.has_error()) {
      refuse_fault(step, survivable.error().what);
      return true;
    }
    bound = std::move(*found);
  }
  if (!inject(step, bound)) return true;
  if (step.background) return true;
  const auto span = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds(step.duration)) +
                    setup_.timing.fault_reverted;
  const auto waited = wait(span, Patience::phases, [&] { return tasks_->ended(task); });
  if (waited == Waited::deadline) record_->problem("fault " + step.name + " did not end in time");
  return waited == Waited::held;
}

// A fault that is not injected is a fact about the run: the judge finds it planned and never active, hence
// inconclusive.
void Conductor::refuse_fault(const FaultStep& step, const std::string& why) {
  record_->event("fault refused", {{"fault", step.name}, {"target", step.target}, {"why", why}});
  record_->evidence().fault(step.name, step.kind, step.target, FaultState::failed, common::base::steady_now(),
                            record_->state().host, why);
  record_->save();
}

// Who does it, to what, with which parameters.
Result<Conductor::BoundFault> Conductor::bind(const FaultStep& step) {
  BoundFault bound;
  bound.agent = main_agent();
  const auto* row = common::protocol::describe_fault(step.kind);
  if (row != nullptr && !row->of_service) {
    for (const auto& agent : setup_.fleet.agents())
      if (std::count(agent.info.faults.begin(), agent.info.faults.end(), step.kind) > 0) bound.agent = agent.info.name;
    bound.spec.cluster.bootstrap = setup_.bootstrap;
  } else {
    const auto owner = bind_target(step);
    if (owner.has_error()) return owner.error();
    bound.agent = owner->agent->info.name;
    bound.node = owner->service->node_id;
    bound.spec.service = owner->service->name;
  }
  BindingFacts facts{setup_.fleet, bound.node, {}, {}, suffix_};
  for (const auto& workload : setup_.plan.workloads)
    if (tasks_->known(workload.task)) facts.client_agents.insert(tasks_->agent_of(workload.task));
  for (const auto& topic : setup_.plan.topics) facts.topics.insert(topic.name);
  auto parameters = bind_parameters(step, facts);
  if (parameters.has_error()) return parameters.error();
  bound.spec.fault = step.name;
  bound.spec.target = step.target;
  bound.spec.cluster_id = record_->state().cluster_id;
  bound.spec.duration_ms = std::max<std::int64_t>(1, step.duration / common::base::kMillisecond);
  bound.spec.lease_ms = setup_.timing.lease.count();
  bound.spec.parameters = std::move(*parameters);
  return bound;
}

Result<BrokerOwner> Conductor::bind_target(const FaultStep& step) {
  Observation seen;
  if (needs_observation(step.target)) {
    const Nanos asked = common::base::steady_now();
    // The role may be vacant just now (an election): it is asked for until somebody has it.
    wait(setup_.timing.fresh, Patience::phases, [&] {
      const auto fresh = fresh_observation(asked);
      return fresh.has_value() && resolve_target(step.target, *fresh, suffix_).has_value();
    });
    const auto fresh = fresh_observation(asked);
    if (!fresh.has_value()) return fail(ErrorKind::timeout, "no fresh news of the cluster to bind " + step.target);
    seen = *fresh;
  }
  const auto node = resolve_target(step.target, seen, suffix_);
  if (node.has_error()) return node.error();
  const auto owner = setup_.fleet.owner_of(*node);
  if (owner.agent == nullptr) {
    return fail(ErrorKind::not_found,
                step.target + " is broker " + std::to_string(*node) + ", which no agent declares as a service");
  }
  return owner;
}

Result<void> Conductor::check_radius(const FaultStep& step, std::int64_t node) {
  const auto* row = common::protocol::describe_fault(step.kind);
  if (!step.allow.empty() || (row != nullptr && row->harm == common::protocol::Harm::none)) return {};
  const Nanos asked = common::base::steady_now();
  if (!await_observation(asked, Patience::phases))
    return fail(ErrorKind::timeout, "no fresh news of the cluster: whether it survives the fault is not known");
  BlastRadius planned;
  planned.node = node;
  for (const auto& [task, broken] : broken_) planned.broken.insert(broken);
  for (const auto& topic : setup_.plan.topics) {
    const auto told = min_insync_.find(topic.name + suffix_);
    planned.min_insync_replicas[topic.name + suffix_] = told == min_insync_.end() ? 1 : told->second;
  }
  return check_blast_radius(planned, *fresh_observation(asked));
}

bool Conductor::inject(const FaultStep& step, const BoundFault& bound) {
  const std::string task = task_of(step);
  if (!tasks_->known(task))
    record_->event("fault bound",
                   {{"fault", step.name},
                    {"target", step.target},
                    {"service", bound.spec.service},
                    {"agent", bound.agent},
                    {"parameters", common::base::json_text(common::protocol::words_json(bound.spec.parameters))},
                    {"allow", step.allow}});
  const auto asked = tasks_->start(task, bound.agent, step.kind, to_json(bound.spec), setup_.timing.ask);
  if (asked.has_error()) {
    refuse_fault(step, asked.error().what);
    return false;
  }
  adopt_fault(step);
  waiting_for_ = step.name + " felt";
  const auto waited = wait(setup_.timing.fault_active, Patience::phases,
                           [&] { return tasks_->ended(task) || !injecting(tasks_->view(task).status.state); });
  waiting_for_.clear();
  if (waited == Waited::deadline) {
    record_->event("fault not felt in time", {{"fault", step.name}});
    tasks_->ask_stop(task);
  }
  return waited != Waited::interrupted;
}

// From what was asked for, which is what holds: a coordinator that restarts knows no more than that.
void Conductor::adopt_fault(const FaultStep& step) {
  const std::string task = task_of(step);
  faults_[task] = step;
  const auto request = common::base::parse_json(record_->state().tasks.at(task).request);
  const std::string service = request.has_value() ? request->at("spec").value("service", "") : "";
  const auto* row = common::protocol::describe_fault(step.kind);
  const bool harms = row == nullptr || row->harm != common::protocol::Harm::none;
  for (const auto& agent : setup_.fleet.agents())
    for (const auto& declared : agent.info.services)
      if (harms && declared.name == service) broken_[task] = declared.node_id;
  tasks_->session(tasks_->agent_of(task)).keep_lease(record_->state().run + "." + task, setup_.timing.lease);
}

void Conductor::adopt_faults() {
  for (const auto& phase : setup_.plan.phases)
    for (const auto& step : phase.steps)
      if (const auto* fault = std::get_if<FaultStep>(&step); fault != nullptr && tasks_->known(task_of(*fault)))
        if (setup_.fleet.find(tasks_->agent_of(task_of(*fault))) != nullptr && !tasks_->ended(task_of(*fault)))
          adopt_fault(*fault);
}

void Conductor::track_faults() {
  for (auto fault = faults_.begin(); fault != faults_.end();) {
    const std::string& task = fault->first;
    const auto view = tasks_->view(task);
    if (view.told && fault_seen_[task].state != view.status.state)
      fault_seen_[task] = {view.status.state, std::chrono::steady_clock::now()};
    if (!tasks_->ended(task)) {
      ++fault;
      continue;
    }
    tasks_->session(tasks_->agent_of(task)).drop_lease(record_->state().run + "." + task);
    fault_seen_.erase(task);
    broken_.erase(task);
    fault = faults_.erase(fault);
  }
}

// Always to its end, whatever a person asks for meanwhile: nothing is left behind. If the agent is gone, its guardian
// and the lease end the fault without us.
void Conductor::revert_faults() {
  for (const auto& [name, task] : record_->state().tasks) {
    if (name.compare(0, 6, "fault.") != 0 || tasks_->ended(name)) continue;
    record_->event("fault ends early", {{"task", name}});
    tasks_->ask_stop(name);
  }
  const auto all_ended = [&](bool also_of_lost_agents) {
    for (const auto& [name, task] : record_->state().tasks)
      if (name.compare(0, 6, "fault.") == 0 && !tasks_->ended(name) &&
          (also_of_lost_agents || !tasks_->agent_lost(task.agent)))
        return false;
    return true;
  };
  // An agent that is gone may come back and tell; it is not waited for as long as one that is at work.
  const auto answered = wait(setup_.timing.fault_reverted, Patience::unconditional, [&] { return all_ended(false); });
  if (answered == Waited::held &&
      wait(setup_.timing.evidence, Patience::unconditional, [&] { return all_ended(true); }) == Waited::held)
    return;
  record_->problem("not every fault is known to be reverted; see `firedrill agent sweep` on the agents' hosts");
}

}  // namespace coordinator
