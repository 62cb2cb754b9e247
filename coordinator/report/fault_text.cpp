#include "coordinator/report/fault_text.h"

#include <algorithm>

#include "common/base/units.h"
#include "coordinator/report/text_layout.h"

namespace coordinator::report {

using common::base::count_text;
using common::base::Nanos;

namespace {

// The latest of one milestone over all partitions: the fault is over when it is over everywhere.
struct Latest {
  Moment at;
  std::int64_t reached = 0;
  std::int64_t missing = 0;  // partitions that began (`from` was seen) and never got there
};

template <typename Pick>
Latest latest(const FaultMeasured& fault, Pick pick) {
  Latest result;
  for (const PartitionMilestones& partition : fault.partitions) {
    const auto [from, to] = pick(partition);
    if (to) {
      result.at = std::max(result.at.value_or(*to), *to);
      ++result.reached;
    } else if (from) {
      ++result.missing;
    }
  }
  return result;
}

class Milestones {
 public:
  explicit Milestones(Nanos zero) : zero_(zero) {}

  void add(const std::string& what, Moment at) {
    if (at) entries_.emplace_back(*at, since(*at - zero_) + " " + what);
  }
  void add(const std::string& what, const Latest& latest) {
    add(what, latest.at);
    if (latest.missing > 0)
      never_ += "; " + what + " never in " + count_text(latest.missing) +
                (latest.missing == 1 ? " partition" : " partitions");
  }
  std::string text() {
    std::stable_sort(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string text;
    for (const auto& [at, words] : entries_) {
      std::string entry = words;
      std::replace(entry.begin(), entry.end(), ' ', kGlue);
      text += (text.empty() ? "" : std::string(1, kGlue) + "· ") + entry;
    }
    return text + never_;
  }

 private:
  Nanos zero_;
  std::vector<std::pair<Nanos, std::string>> entries_;
  std::string never_;
};

std::string silence(const char* who, const Unavailability& silence, const Report& report) {
  if (silence.partitions == 0) return std::string(who) + " were never silent for longer than is normal";
  std::string text = std::string(who) + " were silent in " + count_text(silence.partitions) + " of " +
                     count_text(report.measured.partitions) + " partitions, longest " +
                     (silence.open ? "at least " : "") + compact(silence.longest) + " (" +
                     partition_text(report, silence.worst);
  if (silence.who != "producers") text += ", " + in_scenario(report.facts, silence.who);
  text += ")";
  // Several silences of one partition: their sum, where it is largest.
  if (compact(silence.total) != compact(silence.longest)) text += ", in sum up to " + compact(silence.total);
  return text;
}

std::string leader_text(const FaultMeasured& fault, const Report& report) {
  if (fault.leader_changes == 0)
    return fault.cluster_observed ? "no leader moved"
                                  : "whether a leader moved is not known: the cluster was not observed";
  const auto moved =
      std::count_if(fault.partitions.begin(), fault.partitions.end(),
                    [](const PartitionMilestones& partition) { return partition.new_leader.has_value(); });
  std::string text = std::string("leaders moved in ") + (fault.cluster_observed ? "" : "at least ") +
                     count_text(moved) + " of " + count_text(report.measured.partitions) + " partitions";
  if (fault.leader_changes > moved) text += ", " + count_text(fault.leader_changes) + " times in all";
  Nanos unseen = 0;
  for (const PartitionMilestones& partition : fault.partitions)
    if (partition.new_leader) unseen = std::max(unseen, *partition.new_leader - *partition.old_leader);
  return text + " (when is known to within " + brief(unseen + fault.clock_error.value_or(0)) + ")";
}

std::string partition_line(const PartitionMilestones& partition, const FaultMeasured& fault, const Report& report) {
  Milestones milestones(*fault.injecting);
  milestones.add("last ack", partition.producers.last);
  milestones.add("first producer error", partition.producer_error);
  milestones.add("first consumer error", partition.consumer_error);
  milestones.add("new leader", partition.new_leader);
  milestones.add("first ack", partition.producers.first);
  milestones.add("last delivery", partition.consumers.last);
  milestones.add("first delivery", partition.consumers.first);
  milestones.add("ISR short", partition.isr_short);
  milestones.add("ISR complete", partition.isr_complete);
  milestones.add("lag normal", partition.lag_normal);
  return "  " + partition_text(report, partition.where) + "  " + milestones.text();
}

}  // namespace

std::vector<std::string> fault_lines(const FaultMeasured& fault, const Report& report, bool all) {
  std::vector<std::string> lines;
  std::string title = fault.name + ": " + fault.kind + " " + fault.target;
  if (!fault.injecting) {
    lines.push_back(title + (fault.failed ? ", failed before it was injected" : ", planned, but never injected"));
    return lines;
  }
  // A restart ends as soon as it was felt: what counts is when the service is back.
  if (!fault.active) title += ", NEVER FELT";
  if (fault.active && fault.reverting && fault.kind != "restart")
    title += ", for " + compact(*fault.reverting - *fault.active);
  title += fault.reverted ? ", back after " + compact(*fault.reverted - *fault.injecting) : ", NOT REVERTED";
  lines.push_back(title + ", T" + since(*fault.injecting - report.measured.run.begin) + " into the run");
  if (!fault.proof.empty()) lines.push_back("felt: " + fault.proof);

  if (!fault.clock_error)
    lines.push_back("the clocks of its hosts were never compared: times below may be wrong by any amount");
  else if (*fault.clock_error > 0)
    lines.push_back("times of several hosts, to within " + brief(*fault.clock_error));
  Milestones milestones(*fault.injecting);
  milestones.add("first error", fault.first_error);
  milestones.add("felt", fault.active);
  milestones.add("new leaders", latest(fault, [](const auto& p) { return std::pair(Moment{}, p.new_leader); }));
  milestones.add("acks again",
                 latest(fault, [](const auto& p) { return std::pair(p.producers.last, p.producers.first); }));
  milestones.add("deliveries again",
                 latest(fault, [](const auto& p) { return std::pair(p.consumers.last, p.consumers.first); }));
  milestones.add("reverted", fault.reverted);
  milestones.add("ISR complete", latest(fault, [](const auto& p) { return std::pair(p.isr_short, p.isr_complete); }));
  milestones.add("lag normal", latest(fault, [](const auto& p) { return std::pair(p.lag_high, p.lag_normal); }));
  lines.push_back(milestones.text());
  lines.push_back(leader_text(fault, report));
  lines.push_back(silence("producers", fault.producers, report));
  lines.push_back(silence("consumers", fault.consumers, report));
  if (all)
    for (const PartitionMilestones& partition : fault.partitions)
      lines.push_back(partition_line(partition, fault, report));
  return lines;
}

}  // namespace coordinator::report
