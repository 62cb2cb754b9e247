#include "coordinator/scenario/metric_table.h"

#include <array>

namespace coordinator::scenario {

namespace {

using enum Unit;
using enum Scope;

constexpr std::string_view kFinding = "records of findings of this kind, whatever their severity";

constexpr std::array kMetrics{
    // the books
    Metric{"sent", messages, window, "records that a client library accepted"},
    Metric{"acked", messages, window, "records confirmed by the cluster"},
    Metric{"refused", messages, window, "records that never left their client"},
    Metric{"unknown", messages, window, "records of which nobody can tell whether they are in the log"},
    Metric{"delivered", messages, window, "records handed to readers, over all groups and readers by hand"},
    Metric{"aborted", messages, run, "records of transactions that were aborted"},
    Metric{"present", messages, run, "acked records that are in the log"},
    Metric{"excused", messages, run, "acked records below the log start, or compacted away"},
    Metric{"unknown_landed", messages, run, "unknown records that are in the log"},
    Metric{"extra_copies", messages, run, "places in the log beyond the first of a record"},
    Metric{"foreign", messages, run, "records in the log that are not of this run"},
    // findings
    Metric{"lost", messages, finding, kFinding},
    Metric{"unread", messages, finding, kFinding},
    Metric{"unprocessed", messages, finding, kFinding},
    Metric{"skipped", messages, finding, kFinding},
    Metric{"vanished", messages, finding, kFinding},
    Metric{"duplicated", messages, finding, kFinding},
    Metric{"redelivered", messages, finding, kFinding},
    Metric{"reordered", messages, finding, kFinding},
    Metric{"realtime-reordered", messages, finding, kFinding},
    Metric{"offset-conflict", messages, finding, kFinding},
    Metric{"wrong-ack-offset", messages, finding, kFinding},
    Metric{"phantom", messages, finding, kFinding},
    Metric{"misrouted", messages, finding, kFinding},
    Metric{"corrupt", messages, finding, kFinding},
    Metric{"rewound", messages, finding, kFinding},
    Metric{"resume-mismatch", messages, finding, kFinding},
    Metric{"commit-ahead", messages, finding, kFinding},
    Metric{"double-owner", messages, finding, kFinding},
    Metric{"aborted-read", messages, finding, kFinding},
    Metric{"uncommitted-read", messages, finding, kFinding},
    Metric{"torn-transaction", messages, finding, kFinding},
    Metric{"processed-twice", messages, finding, kFinding},
    Metric{"read-cycle", count, finding, "cycles of transactions that read each other"},
    Metric{"epoch-regressed", count, finding, "times that a leader epoch went back"},
    Metric{"end-regressed", count, finding, "times that a log end went back"},
    // what the clients felt
    Metric{"success_rate", ratio, window, "acked / (acked + unknown + refused)"},
    Metric{"throughput(acked)", per_second, window, "acked records per second"},
    Metric{"throughput(delivered)", per_second, window, "delivered records per second"},
    Metric{"p50(ack)", duration, window, "latency from the intended send to the delivery report"},
    Metric{"p90(ack)", duration, window, "as above"},
    Metric{"p99(ack)", duration, window, "as above; decided from 1,000 samples on"},
    Metric{"p99.9(ack)", duration, window, "as above; decided from 10,000 samples on"},
    Metric{"max(ack)", duration, window, "as above"},
    Metric{"p50(end_to_end)", duration, window, "latency from the intended send to the reader, with its clock error"},
    Metric{"p90(end_to_end)", duration, window, "as above"},
    Metric{"p99(end_to_end)", duration, window, "as above; decided from 1,000 samples on"},
    Metric{"p99.9(end_to_end)", duration, window, "as above; decided from 10,000 samples on"},
    Metric{"max(end_to_end)", duration, window, "as above"},
    Metric{"max(producer_unavailability)", duration, window,
           "the longest time that a partition confirmed nothing, beyond what is normal for it"},
    Metric{"total(producer_unavailability)", duration, window, "the sum of such times of the partition that had most"},
    Metric{"max(consumer_unavailability)", duration, window,
           "the longest time that a partition delivered nothing to a group or reader, beyond what is normal for it"},
    Metric{"total(consumer_unavailability)", duration, window, "the sum of such times of the partition that had most"},
    Metric{"max(unavailability)", duration, window, "the longer of both: of producers and of consumers"},
    Metric{"total(unavailability)", duration, window, "the larger of both"},
    Metric{"lag", messages, moment, "the largest lag of a partition, over all groups, as committed"},
    // what the cluster did
    Metric{"leader_changes", count, window, "times that a partition got another leader"},
    Metric{"leader_elections", count, window,
           "times that a partition got a leader: another one, or the same one after it had none"},
    Metric{"in_flight_at_leader_change", messages, window,
           "the most records sent but unconfirmed at one moment while a partition changed its leader"},
    Metric{"faults_that_moved_leaders", count, run, "faults during which at least one partition got another leader"},
    Metric{"isr_shrinks", count, window, "times that a replica fell out of an ISR"},
    Metric{"under_replicated", count, moment, "partitions at a time whose ISR was seen incomplete"},
    Metric{"controller_changes", count, window, "times that another controller became active"},
};

}  // namespace

std::span<const Metric> metrics() {
  return kMetrics;
}

const Metric* find_metric(std::string_view name) {
  for (const Metric& metric : kMetrics)
    if (metric.name == name) return &metric;
  return nullptr;
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const Metric& metric : kMetrics) names.emplace_back(metric.name);
  return names;
}

std::vector<std::string> finding_names() {
  std::vector<std::string> names;
  for (const Metric& metric : kMetrics)
    if (metric.scope == finding) names.emplace_back(metric.name);
  return names;
}

std::string_view scope_words(Scope scope) {
  return scope == moment ? "`during`, `within`" : scope == window ? "`during`" : "";
}

std::string_view unit_words(Unit unit) {
  switch (unit) {
    case Unit::messages:
    case Unit::count:
      return "a number like 1000 or 20k";
    case Unit::ratio:
      return "a number from 0 to 1";
    case Unit::per_second:
      return "a rate like 5k/s";
    case Unit::duration:
      return "a duration like 200ms";
  }
  return "a number";
}

}  // namespace coordinator::scenario
