// What is told of a run once all of its evidence was added.
#include <algorithm>
#include <set>

#include "coordinator/report/measure.h"
#include "coordinator/report/milestones.h"
#include "coordinator/report/silence.h"

namespace coordinator::report {

using common::base::Nanos;

void Measure::count_cluster_changes() {
  const std::vector<std::int64_t> in_flight = in_flight_.most();
  for (std::size_t i = 0; i < in_flight.size(); ++i) {
    count(timeline_.leader_changes[i].at, [&](Measured& in) {
      ++in.leader_changes;
      in.in_flight_at_leader_change = std::max(in.in_flight_at_leader_change, in_flight[i]);
    });
  }
  for (const Nanos at : timeline_.elections) count(at, [](Measured& in) { ++in.leader_elections; });
  for (const Nanos at : timeline_.isr_shrinks) count(at, [](Measured& in) { ++in.isr_shrinks; });
  for (const Nanos at : timeline_.controller_changes) count(at, [](Measured& in) { ++in.controller_changes; });
  const auto observe = [&](Measured& in, Nanos begin) {
    in.cluster_observed = timeline_.cluster.throughout(begin, in.end);
    in.controller_observed = timeline_.controller.throughout(begin, in.end);
  };
  observe(result_.run, result_.observed_from());
  for (Measured& phase : result_.phases) observe(phase, phase.begin);
  for (FaultMeasured& fault : result_.faults) {
    observe(fault.during, fault.during.begin);
    fault.cluster_observed = timeline_.cluster.throughout(fault.during.begin, fault.window_end);
  }
}

void Measure::attribute_stalls() {
  std::map<Id, std::string> producers;
  for (const Id producer : timeline_.producers) producers[producer] = "producers";
  result_.producer_stalls = producer_stalls_.find(producers, demand_);
  result_.consumer_stalls = consumer_stalls_.find(readers_, demand_);
  const Nanos whole = healed(result_.faults, result_.run.begin).value_or(result_.run.begin);
  for (Stall& stall : result_.consumer_stalls)
    if (!uncommitted_.contains(stall.who))
      stall.unhidden = open_transactions_.longest_free(stall.where, std::max(stall.begin, whole), stall.end);
  // Who stands in for each other on several hosts is silent together only as far as their clocks agree.
  const ClockMap& clocks = timeline_.clocks;
  std::set<Id> hosts;
  for (const Id producer : timeline_.producers) hosts.insert(clocks.host_of(producer));
  const auto among_producers = clocks.error_among(hosts);
  std::map<std::string, std::set<Id>> hosts_of;
  for (const auto& [reader, name] : readers_) hosts_of[name].insert(clocks.host_of(reader));
  std::optional<Nanos> among_readers = 0;
  for (const auto& [name, own] : hosts_of) widen(among_readers, clocks.error_among(own));
  const auto fill = [&](Measured& in) {
    in.producers = unavailability(result_.producer_stalls, in.begin, in.end);
    in.consumers = unavailability(result_.consumer_stalls, in.begin, in.end);
    in.producers.clock_error = among_producers;
    in.consumers.clock_error = among_readers;
    in.producers.wanted = producer_stalls_.wanted(producers, demand_, in.begin, in.end);
    in.consumers.wanted = consumer_stalls_.wanted(readers_, demand_, in.begin, in.end);
  };
  fill(result_.run);
  for (Measured& phase : result_.phases) fill(phase);
  for (FaultMeasured& fault : result_.faults) fill(fault.during);
  result_.clock_error = clocks.error_among(timeline_.hosts());
}

// Of several groups the one that needed longest; one that never came back is longest.
void Measure::fill_lag(std::size_t fault, PartitionMilestones& milestones) const {
  for (const auto& [key, lag] : lags_) {
    if (key.second != milestones.where || lag.high.size() <= fault || !lag.high[fault]) continue;
    const bool open = milestones.lag_high && !milestones.lag_normal;
    milestones.lag_high = milestones.lag_high ? std::min(*milestones.lag_high, *lag.high[fault]) : *lag.high[fault];
    if (open || !lag.normal[fault])
      milestones.lag_normal.reset();
    else
      milestones.lag_normal = std::max(milestones.lag_normal.value_or(*lag.normal[fault]), *lag.normal[fault]);
  }
}

void Measure::fill_milestones() {
  const auto first = [](const std::map<Partition, Nanos>& errors, Partition where) {
    const auto error = errors.find(where);
    return error == errors.end() ? Moment() : Moment(error->second);
  };
  for (std::size_t i = 0; i < result_.faults.size(); ++i) {
    FaultMeasured& fault = result_.faults[i];
    fault.clock_error = result_.clock_error;
    report::fill_milestones(timeline_, result_.producer_stalls, result_.consumer_stalls, fault);
    for (PartitionMilestones& milestones : fault.partitions) {
      milestones.producer_error = first(first_errors_[i].producers, milestones.where);
      milestones.consumer_error = first(first_errors_[i].consumers, milestones.where);
      fill_lag(i, milestones);
    }
  }
}

// Of partitions what changed is kept; while the cluster was observed it is told to be as it was told last.
void Measure::fill_levels() {
  result_.lag = lag_level_.take();
  LevelRecorder level(timeline_.begin, timeline_.end);
  std::vector<std::pair<Nanos, std::int64_t>> changes;
  for (const auto& [from, to] : timeline_.cluster.spans()) {
    for (Nanos at = from; at < to; at += level.slice()) changes.emplace_back(at, 0);
    changes.emplace_back(to, 0);
  }
  for (const IsrSpan& span : timeline_.isr_spans) {
    changes.emplace_back(span.begin, 1);
    if (span.end) changes.emplace_back(*span.end, -1);
  }
  std::sort(changes.begin(), changes.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first < b.first : a.second > b.second; });
  std::int64_t short_now = 0;
  for (const auto& [at, by] : changes) level.tell(at, short_now += by);
  result_.under_replicated = level.take();
}

Measurements Measure::result() {
  count_cluster_changes();
  attribute_stalls();
  fill_milestones();
  fill_levels();
  result_.series = series_.take();
  for (const auto& [key, one] : streams_) result_.streams.push_back(one);
  result_.partitions = static_cast<std::int64_t>(demand_.size());
  for (const auto& [key, lag] : lags_) result_.lag_left = std::max<std::int64_t>(result_.lag_left, 0) + lag.last;
  result_.controller_touched = !timeline_.controller_changes.empty();
  result_.transactions = timeline_.transactions;
  return std::move(result_);
}

}  // namespace coordinator::report
