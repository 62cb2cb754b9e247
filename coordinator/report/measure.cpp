#include "coordinator/report/measure.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "coordinator/report/actor_checks.h"
#include "coordinator/report/milestones.h"

namespace coordinator::report {

using common::base::kSecond;
using common::base::Nanos;
using workloads::evidence::kNoId;
using workloads::evidence::kNoTime;
namespace evidence = workloads::evidence;

namespace {

Nanos first_fault(const Timeline& timeline) {
  for (const FaultMeasured& fault : timeline.faults)
    if (fault.injecting) return *fault.injecting;
  return std::numeric_limits<Nanos>::max();
}

// Adds `buckets`, each moved by `shift`: the clocks of the two ends differ by that much.
void merge_shifted(evidence::Histogram& into, const std::vector<std::pair<std::int32_t, std::int64_t>>& buckets,
                   Nanos shift) {
  if (shift == 0) return into.merge(buckets);
  for (const auto& [bucket, count] : buckets) into.record(evidence::Histogram::upper_bound_of(bucket) + shift, count);
}

// librdkafka begins its text with the name of the broker, if it means one: "127.0.0.1:9092/3: Connect to ...". -1:
// none.
std::int32_t broker_named(std::string_view text) {
  const std::size_t end = text.find(": ");
  const std::size_t slash = text.substr(0, end).rfind('/');
  std::int32_t broker = -1;
  if (end == std::string_view::npos || slash == std::string_view::npos) return -1;
  const char* last = text.data() + end;
  const auto [rest, error] = std::from_chars(text.data() + slash + 1, last, broker);
  return error == std::errc() && rest == last ? broker : -1;
}

void widen(std::optional<Nanos>& error, std::optional<Nanos> by) {
  if (!by)
    error.reset();
  else if (error)
    error = std::max(*error, *by);
}

}  // namespace

Measure::Measure(const evidence::Names& names, const Timeline& timeline)
    : names_(names),
      timeline_(timeline),
      producer_stalls_(first_fault(timeline)),
      consumer_stalls_(first_fault(timeline)),
      open_transactions_(timeline.clocks),
      in_flight_(timeline.leader_changes),
      first_errors_(timeline.faults.size()) {
  result_.faults = timeline.faults;
  result_.run.begin = timeline.begin;
  result_.run.end = timeline.end;
  for (const PhaseSpan& phase : timeline.phases) {
    Measured measured;
    measured.phase = phase.name;
    measured.begin = phase.begin;
    measured.end = phase.end;
    result_.phases.push_back(std::move(measured));
  }
  for (const auto& [consumer, group] : timeline.group_of)
    if (!timeline.auditors.contains(consumer))
      readers_[consumer] = group == kNoId ? without_incarnation(names.text(consumer)) : names.text(group);
}

template <typename Change>
void Measure::count(Nanos at, Change change) {
  change(result_.run);
  if (const int phase = timeline_.phase_at(at); phase >= 0) change(result_.phases[static_cast<std::size_t>(phase)]);
}

void Measure::add(const evidence::Event& event) {
  open_transactions_.add(event);
  if (const auto* send = std::get_if<evidence::Send>(&event)) return add(*send);
  if (const auto* ack = std::get_if<evidence::Ack>(&event)) return add(*ack);
  if (const auto* deliver = std::get_if<evidence::Deliver>(&event)) return add(*deliver);
  if (const auto* assign = std::get_if<evidence::Assign>(&event))
    return consumer_stalls_.reads(assign->consumer, assign->where.topic);
  if (const auto* consumer = std::get_if<evidence::ConsumerInfo>(&event)) {
    if (consumer->isolation == evidence::Isolation::read_uncommitted && readers_.contains(consumer->consumer))
      uncommitted_.insert(readers_.at(consumer->consumer));
    return;
  }
  if (const auto* latency = std::get_if<evidence::Latency>(&event)) return add(*latency);
  if (const auto* unknown = std::get_if<evidence::Unknown>(&event)) return add(*unknown);
  if (const auto* gauge = std::get_if<evidence::Gauge>(&event)) return add(*gauge);
  if (const auto* refuse = std::get_if<evidence::Refuse>(&event)) {
    stream(refuse->producer, refuse->where).refused += refuse->count;
    const Nanos at = timeline_.clocks.of_actor(refuse->producer, refuse->at);
    count(at, [&](Measured& in) { in.refused += refuse->count; });
  } else if (const auto* problem = std::get_if<evidence::Problem>(&event)) {
    if (timeline_.producers.contains(problem->actor) || timeline_.group_of.contains(problem->actor))
      error_seen(problem->where, names_.text(problem->text), timeline_.clocks.of_actor(problem->actor, problem->at));
  }
}

Stream& Measure::stream(Id producer, Partition where) {
  Stream& found = streams_[{where, producer}];
  found.producer = producer;
  found.where = where;
  return found;
}

void Measure::add(const evidence::Send& send) {
  stream(send.producer, send.where).sent += send.count;
  if (send.at == kNoTime) {  // reserved before a kill -9: perhaps sent, nobody knows when
    result_.run.sent += send.count;
    return;
  }
  const Nanos at = timeline_.clocks.of_actor(send.producer, send.at);
  count(at, [&](Measured& in) { in.sent += send.count; });
  in_flight_.sent(send.producer, send.where, at, send.count);
  demand(send.where, at);
}

void Measure::add(const evidence::Ack& ack) {
  stream(ack.producer, ack.where).acked += ack.count;
  if (ack.at == kNoTime) {
    result_.run.acked += ack.count;
    return;
  }
  const Nanos to = timeline_.clocks.of_actor(ack.producer, ack.at);
  const Nanos from = to - ack.span;
  count(to, [&](Measured& in) { in.acked += ack.count; });
  in_flight_.ended(ack.where, from, ack.count);
  producer_stalls_.passed(ack.producer, ack.where, from, to, ack.count);
  demand(ack.where, to);
}

void Measure::add(const evidence::Unknown& unknown) {
  stream(unknown.producer, unknown.where).unknown += unknown.count;
  if (unknown.at == kNoTime) {
    result_.run.unknown += unknown.count;
    return;
  }
  const Nanos at = timeline_.clocks.of_actor(unknown.producer, unknown.at);
  count(at, [&](Measured& in) { in.unknown += unknown.count; });
  in_flight_.ended(unknown.where, at, unknown.count);
  error_seen(unknown.where, "", at);
  demand(unknown.where, at);
}

void Measure::add(const evidence::Deliver& deliver) {
  if (!readers_.contains(deliver.consumer) || deliver.producer == kNoId) return;
  if (deliver.at == kNoTime) {
    result_.run.delivered += deliver.count;
    return;
  }
  const Nanos to = timeline_.clocks.of_actor(deliver.consumer, deliver.at);
  count(to, [&](Measured& in) { in.delivered += deliver.count; });
  consumer_stalls_.passed(deliver.consumer, deliver.where, to - deliver.span, to, deliver.count);
}

void Measure::add(const evidence::Latency& latency) {
  if (timeline_.auditors.contains(latency.actor)) return;
  const bool ack = names_.text(latency.metric) == "ack";
  if (!ack && names_.text(latency.metric) != "end_to_end") return;
  const ClockMap& clocks = timeline_.clocks;
  // A second that two phases share belongs to the one that has its middle.
  const Nanos at = clocks.of_actor(latency.actor, latency.second * kSecond + kSecond / 2);
  Nanos shift = 0;
  std::optional<Nanos> error = 0;
  if (!ack) {
    const Id here = clocks.host_of(latency.actor);
    const Id there = latency.peer == kNoId ? here : clocks.host_of(latency.peer);
    shift = clocks.correction(there, here);
    error = clocks.error(there, here);
  }
  count(at, [&](Measured& in) {
    Percentiles& percentiles = ack ? in.ack : in.end_to_end;
    merge_shifted(percentiles.histogram, latency.buckets, shift);
    widen(percentiles.clock_error, error);
  });
}

void Measure::add(const evidence::Gauge& gauge) {
  if (gauge.value < 0 || gauge.where.topic == kNoId || names_.text(gauge.name) != "lag") return;
  const Nanos at = timeline_.time_of(gauge);
  Lag& lag = lags_[{gauge.actor, gauge.where}];
  lag.last = gauge.value;
  lag.high.resize(result_.faults.size());
  lag.normal.resize(result_.faults.size());
  bool before = true;
  for (std::size_t i = 0; i < result_.faults.size(); ++i) {
    const FaultMeasured& fault = result_.faults[i];
    if (!fault.injecting || at < *fault.injecting) continue;
    before = false;
    if (at > fault.window_end) continue;
    const bool high = gauge.value > 2 * lag.highest_before;
    if (high && !lag.high[i]) lag.high[i] = at;
    if (!high && lag.high[i] && !lag.normal[i]) lag.normal[i] = at;
  }
  if (before) lag.highest_before = std::max(lag.highest_before, gauge.value);
}

void Measure::error_seen(Partition where, std::string_view text, Nanos at) {
  const std::int32_t broker = where.topic == kNoId ? broker_named(text) : -1;
  for (std::size_t i = 0; i < result_.faults.size(); ++i) {
    FaultMeasured& fault = result_.faults[i];
    if (!fault.injecting || at < *fault.injecting || at > fault.window_end) continue;
    fault.first_error = fault.first_error ? std::min(*fault.first_error, at) : at;
    const auto note = [&, i](Partition partition) {
      const auto [entry, first] = first_errors_[i].try_emplace(partition, at);
      if (!first) entry->second = std::min(entry->second, at);
    };
    if (where.topic != kNoId) note(where);
    // Who cannot reach a broker cannot reach the partitions that it led.
    for (const auto& [partition, leaders] : timeline_.leaders)
      if (broker >= 0 && timeline_.leader_at(partition, *fault.injecting) == broker) note(partition);
  }
}

void Measure::demand(Partition where, Nanos at) {
  const auto [entry, first] = demand_.try_emplace(where, StallFinder::Demand{at, at});
  entry->second.begin = std::min(entry->second.begin, at);
  // After `drain` began producers only wait for what is out, and readers only catch up: silence is no news.
  entry->second.end = std::max(entry->second.end, std::min(at, timeline_.production_end()));
}

void Measure::count_cluster_changes() {
  const std::vector<std::int64_t> in_flight = in_flight_.most();
  for (std::size_t i = 0; i < in_flight.size(); ++i) {
    count(timeline_.leader_changes[i].at, [&](Measured& in) {
      ++in.leader_changes;
      in.in_flight_at_leader_change = std::max(in.in_flight_at_leader_change, in_flight[i]);
    });
  }
  for (const Nanos at : timeline_.isr_shrinks) count(at, [](Measured& in) { ++in.isr_shrinks; });
  for (const Nanos at : timeline_.controller_changes) count(at, [](Measured& in) { ++in.controller_changes; });
}

void Measure::attribute_stalls() {
  std::map<Id, std::string> producers;
  for (const Id producer : timeline_.producers) producers[producer] = "producers";
  result_.producer_stalls = producer_stalls_.find(producers, demand_);
  result_.consumer_stalls = consumer_stalls_.find(readers_, demand_);
  for (Stall& stall : result_.producer_stalls) stall.unhidden = stall.length();
  for (Stall& stall : result_.consumer_stalls)
    stall.unhidden = uncommitted_.contains(stall.who)
                         ? stall.length()
                         : open_transactions_.longest_free(stall.where, stall.begin, stall.end);
  const auto fill = [&](Measured& in) {
    in.producers = unavailability(result_.producer_stalls, in.begin, in.end);
    in.consumers = unavailability(result_.consumer_stalls, in.begin, in.end);
  };
  fill(result_.run);
  for (Measured& phase : result_.phases) fill(phase);
}

void Measure::fill_milestones() {
  for (std::size_t i = 0; i < result_.faults.size(); ++i) {
    FaultMeasured& fault = result_.faults[i];
    report::fill_milestones(timeline_, result_.producer_stalls, result_.consumer_stalls, fault);
    for (PartitionMilestones& milestones : fault.partitions) {
      if (const auto error = first_errors_[i].find(milestones.where); error != first_errors_[i].end())
        milestones.first_error = error->second;
      for (const auto& [key, lag] : lags_) {
        if (key.second != milestones.where || lag.high.size() <= i || !lag.high[i]) continue;
        // Of several groups the one that needed longest; one that never came back is longest.
        const bool open = milestones.lag_high && !milestones.lag_normal;
        milestones.lag_high = milestones.lag_high ? std::min(*milestones.lag_high, *lag.high[i]) : *lag.high[i];
        if (open || !lag.normal[i])
          milestones.lag_normal.reset();
        else
          milestones.lag_normal = std::max(milestones.lag_normal.value_or(*lag.normal[i]), *lag.normal[i]);
      }
    }
  }
}

Measurements Measure::result() {
  count_cluster_changes();
  attribute_stalls();
  fill_milestones();
  for (const auto& [key, one] : streams_) result_.streams.push_back(one);
  result_.partitions = static_cast<std::int64_t>(demand_.size());
  for (const auto& [key, lag] : lags_) result_.lag_left = std::max<std::int64_t>(result_.lag_left, 0) + lag.last;
  result_.controller_touched = !timeline_.controller_changes.empty();
  result_.transactions = timeline_.transactions;
  return std::move(result_);
}

}  // namespace coordinator::report
