#include "coordinator/report/timeline.h"

#include <algorithm>

namespace coordinator::report {

using common::base::Nanos;
using workloads::evidence::FaultState;
using workloads::evidence::kNoTime;
namespace evidence = workloads::evidence;

void Timeline::seen(Nanos at) {
  if (at == kNoTime) return;
  begin = begun_ ? std::min(begin, at) : at;
  end = begun_ ? std::max(end, at) : at;
  begun_ = true;
}

void Timeline::add(const evidence::Event& event) {
  if (const auto* sample = std::get_if<evidence::Sample>(&event)) return add(*sample);
  if (const auto* fault = std::get_if<evidence::Fault>(&event)) return add(*fault);
  if (const auto* gauge = std::get_if<evidence::Gauge>(&event)) return add(*gauge);
  if (const auto* offset = std::get_if<evidence::ClockOffset>(&event)) return clocks.add(*offset);
  if (const auto* topic = std::get_if<evidence::TopicInfo>(&event)) {
    replicas_[topic->topic] = static_cast<std::size_t>(topic->replication_factor);
  } else if (const auto* phase = std::get_if<evidence::Phase>(&event)) {
    phases.push_back({names_.text(phase->name), phase->at, phase->at});
    seen(phase->at);
  } else if (const auto* producer = std::get_if<evidence::ProducerInfo>(&event)) {
    clocks.place(producer->producer, producer->host);
    producers.insert(producer->producer);
  } else if (const auto* consumer = std::get_if<evidence::ConsumerInfo>(&event)) {
    clocks.place(consumer->consumer, consumer->host);
    group_of[consumer->consumer] = consumer->group;
  } else if (const auto* audit = std::get_if<evidence::Audit>(&event)) {
    auditors.insert(audit->consumer);
    const auto [entry, first] = audited.try_emplace(audit->where, audit->start);
    if (!first) entry->second = std::min(entry->second, audit->start);
  } else if (const auto* send = std::get_if<evidence::Send>(&event)) {
    seen(clocks.of_actor(send->producer, send->at));
  } else if (const auto* ack = std::get_if<evidence::Ack>(&event)) {
    seen(clocks.of_actor(ack->producer, ack->at));
  } else if (const auto* deliver = std::get_if<evidence::Deliver>(&event)) {
    seen(clocks.of_actor(deliver->consumer, deliver->at));
  } else if (std::holds_alternative<evidence::Transaction>(event)) {
    transactions = true;
  }
}

void Timeline::add(const evidence::Sample& sample) {
  const Nanos at = clocks.on_host(sample.host, sample.at);
  seen(at);
  observer_host_ = sample.host;
  Watched& now = watched_[sample.where];
  if (sample.leader < 0 && sample.isr_told && now.leader >= 0) now.leaderless = true;
  if (sample.leader >= 0) {  // between two leaders there may be none: that is not yet a change
    if (now.leader >= 0 && (now.leader != sample.leader || now.leaderless)) elections.push_back(at);
    now.leaderless = false;
    if (now.leader >= 0 && now.leader != sample.leader) leader_changes.push_back({sample.where, now.leader_at, at});
    if (now.leader != sample.leader) leaders[sample.where].emplace_back(at, sample.leader);
    now.leader = sample.leader;
    now.leader_at = at;
  }
  if (!sample.isr_told) return;
  cluster.told(at);
  now.largest_isr = std::max(now.largest_isr, sample.isr.size());
  const auto declared = replicas_.find(sample.where.topic);
  const std::size_t full = declared == replicas_.end() ? now.largest_isr : declared->second;
  const std::size_t fell = sample.isr.size() < now.isr ? now.isr - sample.isr.size() : 0;
  isr_shrinks.insert(isr_shrinks.end(), fell, at);
  now.isr = sample.isr.size();
  if (now.isr < full && !now.isr_short) {
    now.isr_short = true;
    now.isr_span = isr_spans.size();
    isr_spans.push_back({sample.where, at, std::nullopt, 0});
  } else if (now.isr >= full && now.isr_short) {
    now.isr_short = false;
    isr_spans[now.isr_span].end = at;
  }
  if (now.isr_short) isr_spans[now.isr_span].shrinks += static_cast<std::int64_t>(fell);
}

void Timeline::add(const evidence::Fault& fault) {
  const std::string name = names_.text(fault.fault);
  const auto [entry, first] = fault_index_.try_emplace(name, faults.size());
  if (first) faults.push_back({});
  FaultMeasured& measured = faults[entry->second];
  measured.name = name;
  measured.kind = names_.text(fault.kind);
  measured.target = names_.text(fault.target);
  const Nanos at = clocks.on_host(fault.host, fault.at);
  if (fault.at == kNoTime) return;
  seen(at);
  if (fault.state != FaultState::planned && fault.host != evidence::kNoId) fault_hosts.insert(fault.host);
  const auto note = [at](Moment& moment) {
    if (!moment) moment = at;
  };
  switch (fault.state) {
    case FaultState::planned:
      return note(measured.planned);
    case FaultState::injecting:
      return note(measured.injecting);
    case FaultState::active:
      measured.proof = names_.text(fault.proof);
      return note(measured.active);
    case FaultState::reverting:
      return note(measured.reverting);
    case FaultState::reverted:
      return note(measured.reverted);
    case FaultState::failed:
      return note(measured.failed);
  }
}

void Timeline::add(const evidence::Gauge& gauge) {
  if (names_.text(gauge.name) != "controller" || gauge.value < 0) return;
  const Nanos at = time_of(gauge);
  controller.told(at);
  if (controller_ >= 0 && controller_ != gauge.value) controller_changes.push_back(at);
  controller_ = gauge.value;
}

void Timeline::finish() {
  std::stable_sort(phases.begin(), phases.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  for (std::size_t i = 0; i < phases.size(); ++i)
    phases[i].end = i + 1 < phases.size() ? phases[i + 1].begin : std::max(end, phases[i].begin);
  const auto start = [](const FaultMeasured& fault) { return fault.injecting.value_or(fault.planned.value_or(0)); };
  std::stable_sort(faults.begin(), faults.end(), [&](const auto& a, const auto& b) { return start(a) < start(b); });
  // What happens after a fault is its consequence until another one begins that it did not overlap.
  for (std::size_t i = 0; i < faults.size(); ++i) {
    faults[i].window_end = end;
    for (std::size_t j = faults.size(); j-- > i + 1;)
      if (faults[i].reverted && faults[j].injecting && *faults[j].injecting >= *faults[i].reverted)
        faults[i].window_end = *faults[j].injecting;
  }
  std::stable_sort(leader_changes.begin(), leader_changes.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
}

std::set<evidence::Id> Timeline::hosts() const {
  std::set<evidence::Id> all = fault_hosts;
  for (const evidence::Id producer : producers) all.insert(clocks.host_of(producer));
  for (const auto& [consumer, group] : group_of)
    if (!auditors.contains(consumer)) all.insert(clocks.host_of(consumer));
  if (observer_host_ != evidence::kNoId) all.insert(observer_host_);
  return all;
}

std::int32_t Timeline::leader_at(Partition where, Nanos at) const {
  const auto seen = leaders.find(where);
  std::int32_t leader = -1;
  if (seen != leaders.end())
    for (const auto& [since, broker] : seen->second)
      if (since <= at) leader = broker;
  return leader;
}

int Timeline::phase_at(Nanos at) const {
  int index = -1;
  for (std::size_t i = 0; i < phases.size() && phases[i].begin <= at; ++i) index = static_cast<int>(i);
  return index;
}

Nanos Timeline::production_end() const {
  for (const PhaseSpan& phase : phases)
    if (phase.name == "drain") return phase.begin;
  return end;
}

}  // namespace coordinator::report
