#include "coordinator/report/milestones.h"

#include <algorithm>
#include <map>
#include <set>

#include "coordinator/report/stalls.h"

namespace coordinator::report {

using common::base::Nanos;
using Partition = workloads::evidence::Partition;

namespace {

// A stall may begin with the last ack just before a phase or a fault does; the part that lies in it decides. A gap
// counts whole wherever the part alone would be a stall: to cut it would make two short times of a long one.
bool concerns(const Stall& stall, Nanos begin, Nanos end) {
  return std::min(stall.end, end) - std::max(stall.begin, begin) >= std::min(kShortestStall, stall.length());
}

PartitionMilestones& of(std::map<Partition, PartitionMilestones>& all, Partition where) {
  PartitionMilestones& milestones = all[where];
  milestones.where = where;
  return milestones;
}

const Stall* longest(const std::vector<Stall>& stalls, Partition where, Nanos begin, Nanos end) {
  const Stall* found = nullptr;
  for (const Stall& stall : stalls)
    if (stall.where == where && concerns(stall, begin, end) && (found == nullptr || stall.length() > found->length()))
      found = &stall;
  return found;
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
  const Nanos end = fault.window_end;
  std::map<Partition, PartitionMilestones> all;
  for (const Stall& stall : producer_stalls)
    if (concerns(stall, begin, end)) of(all, stall.where);
  for (const Stall& stall : consumer_stalls)
    if (concerns(stall, begin, end)) of(all, stall.where);
  for (const LeaderChange& change : timeline.leader_changes) {
    if (change.at < begin || change.at > end) continue;
    ++fault.leader_changes;
    PartitionMilestones& milestones = of(all, change.where);
    if (milestones.new_leader) continue;
    milestones.new_leader = change.at;
    milestones.old_leader = change.before;
  }
  for (const IsrSpan& span : timeline.isr_spans) {
    if (span.begin > end || (span.end && *span.end < begin)) continue;
    PartitionMilestones& milestones = of(all, span.where);
    if (!milestones.isr_short) milestones.isr_short = span.begin;
    milestones.isr_complete = span.end;  // of the last one: only then it stayed complete
  }
  for (auto& [where, milestones] : all) {
    if (const Stall* stall = longest(producer_stalls, where, begin, end); stall != nullptr) {
      milestones.last_ack = stall->begin;
      if (!stall->open) milestones.first_ack = stall->end;
      // The observer may itself be slowed down by the fault. Who confirms again is a leader, seen or not.
      if (milestones.new_leader && milestones.first_ack && *milestones.first_ack > *milestones.old_leader)
        milestones.new_leader = std::min(*milestones.new_leader, *milestones.first_ack);
    }
    if (const Stall* stall = longest(consumer_stalls, where, begin, end); stall != nullptr) {
      milestones.last_delivery = stall->begin;
      if (!stall->open) milestones.first_delivery = stall->end;
    }
    fault.partitions.push_back(milestones);
  }
  fault.producers = unavailability(producer_stalls, begin, end);
  fault.consumers = unavailability(consumer_stalls, begin, end);
}

}  // namespace coordinator::report
