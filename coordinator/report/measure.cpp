#include "coordinator/report/measure.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "coordinator/report/actor_checks.h"

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

std::vector<std::pair<Nanos, Nanos>> spans_of(const Timeline& timeline) {
  std::vector<std::pair<Nanos, Nanos>> spans;
  for (std::size_t i = 0; i < timeline.phases.size(); ++i) {
    // What comes after the last one began belongs to it.
    const bool last = i + 1 == timeline.phases.size();
    spans.emplace_back(timeline.phases[i].begin, last ? std::numeric_limits<Nanos>::max() : timeline.phases[i].end);
  }
  for (const FaultMeasured& fault : timeline.faults)
    spans.emplace_back(fault.injecting.value_or(0), fault.injecting ? fault.over() : 0);
  return spans;
}

}  // namespace

Measure::Measure(const evidence::Names& names, const Timeline& timeline)
    : names_(names),
      timeline_(timeline),
      producer_stalls_(first_fault(timeline)),
      consumer_stalls_(first_fault(timeline)),
      open_transactions_(timeline.clocks),
      in_flight_(timeline.leader_changes),
      first_errors_(timeline.faults.size()),
      windows_(spans_of(timeline)),
      series_(timeline.begin, timeline.end),
      lag_level_(timeline.begin, timeline.end) {
  result_.faults = timeline.faults;
  for (FaultMeasured& fault : result_.faults) {
    fault.during.phase = fault.name;
    fault.during.begin = fault.injecting.value_or(0);
    fault.during.end = fault.injecting ? fault.over() : 0;
  }
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
    add(*refuse);
  } else if (const auto* problem = std::get_if<evidence::Problem>(&event)) {
    const bool producer = timeline_.producers.contains(problem->actor);
    if (problem->at == kNoTime || (!producer && !readers_.contains(problem->actor))) return;
    const Nanos at = timeline_.clocks.of_actor(problem->actor, problem->at);
    ++series_.at(at).errors;
    error_seen(producer, problem->where, names_.text(problem->text), at);
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
    result_.timeless.sent += send.count;
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
    result_.timeless.acked += ack.count;
    return;
  }
  const Nanos to = timeline_.clocks.of_actor(ack.producer, ack.at);
  const Nanos from = to - ack.span;
  count(to, [&](Measured& in) { in.acked += ack.count; });
  series_.at(to).acked += ack.count;
  in_flight_.ended(ack.where, from, ack.count);
  producer_stalls_.passed(ack.producer, ack.where, from, to, ack.count);
  demand(ack.where, to);
}

void Measure::add(const evidence::Unknown& unknown) {
  stream(unknown.producer, unknown.where).unknown += unknown.count;
  if (unknown.at == kNoTime) {
    result_.run.unknown += unknown.count;
    result_.timeless.unknown += unknown.count;
    return;
  }
  const Nanos at = timeline_.clocks.of_actor(unknown.producer, unknown.at);
  count(at, [&](Measured& in) { in.unknown += unknown.count; });
  series_.at(at).unknown += unknown.count;
  in_flight_.ended(unknown.where, at, unknown.count);
  error_seen(true, unknown.where, "", at);
  demand(unknown.where, at);
}

void Measure::add(const evidence::Refuse& refuse) {
  stream(refuse.producer, refuse.where).refused += refuse.count;
  if (refuse.at == kNoTime) {
    result_.run.refused += refuse.count;
    result_.timeless.refused += refuse.count;
    return;
  }
  const Nanos at = timeline_.clocks.of_actor(refuse.producer, refuse.at);
  count(at, [&](Measured& in) { in.refused += refuse.count; });
  series_.at(at).refused += refuse.count;
}

void Measure::add(const evidence::Deliver& deliver) {
  if (!readers_.contains(deliver.consumer) || deliver.producer == kNoId) return;
  if (deliver.at == kNoTime) {
    result_.run.delivered += deliver.count;
    result_.timeless.delivered += deliver.count;
    return;
  }
  const Nanos to = timeline_.clocks.of_actor(deliver.consumer, deliver.at);
  count(to, [&](Measured& in) { in.delivered += deliver.count; });
  series_.at(to).delivered += deliver.count;
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
  const auto add_to = [&](auto& in) {
    Percentiles& percentiles = ack ? in.ack : in.end_to_end;
    merge_shifted(percentiles.histogram, latency.buckets, shift);
    widen(percentiles.clock_error, error);
  };
  count(at, add_to);
  add_to(series_.at(at));
}

void Measure::add(const evidence::Gauge& gauge) {
  const std::string name = names_.text(gauge.name);
  if (name == "lag" && gauge.value >= 0 && gauge.where.topic != kNoId) add_lag(gauge);
  if (name == "retries" && timeline_.producers.contains(gauge.actor))
    series_.retries(gauge.actor, timeline_.clocks.of_actor(gauge.actor, gauge.at), gauge.value);
}

void Measure::add_lag(const evidence::Gauge& gauge) {
  const Nanos at = timeline_.time_of(gauge);
  Lag& lag = lags_[{gauge.actor, gauge.where}];
  lag_level_.tell(at, largest_lag_.replace(lag.last, gauge.value));
  SeriesPoint& point = series_.at(at);
  point.lag = std::max(point.lag, gauge.value);
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

void Measure::error_seen(bool producer, Partition where, std::string_view text, Nanos at) {
  const std::int32_t broker = where.topic == kNoId ? broker_named(text) : -1;
  for (std::size_t i = 0; i < result_.faults.size(); ++i) {
    FaultMeasured& fault = result_.faults[i];
    if (!fault.injecting || at < *fault.injecting || at > fault.window_end) continue;
    fault.first_error = fault.first_error ? std::min(*fault.first_error, at) : at;
    auto& errors = producer ? first_errors_[i].producers : first_errors_[i].consumers;
    const auto note = [&](Partition partition) {
      const auto [entry, first] = errors.try_emplace(partition, at);
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

}  // namespace coordinator::report
