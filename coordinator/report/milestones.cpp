#include "coordinator/report/milestones.h"

#include <algorithm>
#include <map>
#include <set>

#include "coordinator/report/silence.h"

namespace coordinator::report {

using common::base::Nanos;
using Partition = workloads::evidence::Partition;

namespace {

PartitionMilestones& of(std::map<Partition, PartitionMilestones>& all, Partition where) {
  PartitionMilestones& milestones = all[where];
  milestones.where = where;
  return milestones;
}

// The first change that the fault may have brought about. That acks came again while the old leader was still down is
// proof of a new one, seen or not: the observer may itself be slowed down by the fault.
void leader_moments(const std::vector<Stall>& silences, const LeaderChange& change, const FaultMeasured& fault,
                    PartitionMilestones& milestones) {
  milestones.old_leader = change.before;
  milestones.new_leader = change.at;
  for (const Stall& stall : silences) {
    if (stall.where != milestones.where || stall.begin > change.at || stall.end <= change.before) continue;
    milestones.silent_at_change = true;
    if (stall.open) return;
    milestones.served_again = stall.end;
    const bool down = fault.active && stall.end >= *fault.active && stall.end < fault.reverting.value_or(fault.over());
    milestones.leader_by_ack = down && stall.end < change.at;
    if (milestones.leader_by_ack) milestones.new_leader = stall.end;
    return;
  }
}

// The delivery that ended the silence in which the leader changed: of all who read, the last to get one.
void reading_moments(const std::vector<Stall>& silences, const LeaderChange& change, PartitionMilestones& milestones) {
  bool open = false;
  for (const Stall& stall : silences) {
    if (stall.where != milestones.where || stall.begin > change.at || stall.end <= change.before) continue;
    milestones.unread_at_change = true;
    open = open || stall.open;
    milestones.read_again = std::max(milestones.read_again.value_or(stall.end), stall.end);
  }
  if (open) milestones.read_again.reset();
}

}  // namespace

Unavailability unavailability(const std::vector<Stall>& stalls, Nanos begin, Nanos end) {
  Unavailability sum;
  std::map<std::pair<std::string, Partition>, Nanos> totals;
  std::set<Partition> partitions;
  for (const Stall& stall : stalls) {
    if (!concerns(stall, begin, end)) continue;
    partitions.insert(stall.where);
    sum.open = sum.open || stall.open;
    Nanos& total = totals[{stall.who, stall.where}];
    total += stall.length();
    sum.total = std::max(sum.total, total);
    if (stall.length() <= sum.longest) continue;
    sum.longest = stall.length();
    sum.worst = stall.where;
    sum.who = stall.who;
  }
  sum.partitions = static_cast<std::int64_t>(partitions.size());
  return sum;
}

void fill_milestones(const Timeline& timeline, const std::vector<Stall>& producer_stalls,
                     const std::vector<Stall>& consumer_stalls, FaultMeasured& fault) {
  if (!fault.injecting) return;
  const Nanos begin = *fault.injecting;
  const std::vector<Stall> unacked = caused(producer_stalls, fault);
  const std::vector<Stall> undelivered = caused(consumer_stalls, fault);
  std::map<Partition, PartitionMilestones> all;
  for (const auto* stalls : {&unacked, &undelivered})
    for (const Stall& stall : *stalls) of(all, stall.where);
  std::map<Partition, const LeaderChange*> first_change;
  for (const LeaderChange& change : timeline.leader_changes) {
    if (change.at < begin || change.at > fault.window_end) continue;
    ++fault.leader_changes;
    of(all, change.where);
    if (change.before < fault.over()) first_change.try_emplace(change.where, &change);
  }
  for (const IsrSpan& span : timeline.isr_spans) {
    if (span.begin >= fault.over() || (span.end && *span.end < begin)) continue;
    PartitionMilestones& milestones = of(all, span.where);
    if (!milestones.isr_short) milestones.isr_short = span.begin;
    milestones.isr_complete = span.end;  // of the last one: only then it stayed complete
  }
  for (auto& [where, milestones] : all) {
    milestones.producers = silence_of(producer_stalls, where, fault);
    milestones.consumers = silence_of(consumer_stalls, where, fault);
    if (const auto change = first_change.find(where); change != first_change.end()) {
      leader_moments(unacked, *change->second, fault, milestones);
      reading_moments(undelivered, *change->second, milestones);
    }
    fault.partitions.push_back(milestones);
  }
  fault.producers = unavailability(unacked, begin, fault.window_end);
  fault.consumers = unavailability(undelivered, begin, fault.window_end);
}

}  // namespace coordinator::report
