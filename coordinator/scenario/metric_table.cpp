#include "coordinator/scenario/metric_table.h"

#include <array>

namespace coordinator::scenario {

namespace {

using enum Unit;

constexpr std::string_view kFinding = "records of findings of this kind, whatever their severity";

constexpr std::array kMetrics{
    // the books
    Metric{"sent", messages, true, "records that a client library accepted"},
    Metric{"acked", messages, true, "records confirmed by the cluster"},
    Metric{"refused", messages, true, "records that never left their client"},
    Metric{"unknown", messages, true, "records of which nobody can tell whether they are in the log"},
    Metric{"delivered", messages, true, "records handed to readers, over all groups and readers by hand"},
    Metric{"aborted", messages, false, "records of transactions that were aborted"},
    Metric{"present", messages, false, "acked records that are in the log"},
    Metric{"excused", messages, false, "acked records below the log start, or compacted away"},
    Metric{"unknown_landed", messages, false, "unknown records that are in the log"},
    Metric{"extra_copies", messages, false, "places in the log beyond the first of a record"},
    Metric{"foreign", messages, false, "records in the log that are not of this run"},
    // findings
    Metric{"lost", messages, false, kFinding},
    Metric{"unread", messages, false, kFinding},
    Metric{"unprocessed", messages, false, kFinding},
    Metric{"skipped", messages, false, kFinding},
    Metric{"vanished", messages, false, kFinding},
    Metric{"duplicated", messages, false, kFinding},
    Metric{"redelivered", messages, false, kFinding},
    Metric{"reordered", messages, false, kFinding},
    Metric{"realtime-reordered", messages, false, kFinding},
    Metric{"offset-conflict", messages, false, kFinding},
    Metric{"wrong-ack-offset", messages, false, kFinding},
    Metric{"phantom", messages, false, kFinding},
    Metric{"misrouted", messages, false, kFinding},
    Metric{"corrupt", messages, false, kFinding},
    Metric{"rewound", messages, false, kFinding},
    Metric{"resume-mismatch", messages, false, kFinding},
    Metric{"commit-ahead", messages, false, kFinding},
    Metric{"double-owner", messages, false, kFinding},
    Metric{"aborted-read", messages, false, kFinding},
    Metric{"uncommitted-read", messages, false, kFinding},
    Metric{"torn-transaction", messages, false, kFinding},
    Metric{"processed-twice", messages, false, kFinding},
    Metric{"read-cycle", count, false, "cycles of transactions that read each other"},
    Metric{"epoch-regressed", count, false, "times that a leader epoch went back"},
    Metric{"end-regressed", count, false, "times that a log end went back"},
    // what the clients felt
    Metric{"success_rate", ratio, true, "acked / (acked + unknown + refused)"},
    Metric{"throughput(acked)", per_second, true, "acked records per second"},
    Metric{"throughput(delivered)", per_second, true, "delivered records per second"},
    Metric{"p50(ack)", duration, true, "latency from the intended send to the delivery report"},
    Metric{"p90(ack)", duration, true, "as above"},
    Metric{"p99(ack)", duration, true, "as above; decided from 1,000 samples on"},
    Metric{"p99.9(ack)", duration, true, "as above; decided from 10,000 samples on"},
    Metric{"max(ack)", duration, true, "as above"},
    Metric{"p50(end_to_end)", duration, true, "latency from the intended send to the reader, with its clock error"},
    Metric{"p90(end_to_end)", duration, true, "as above"},
    Metric{"p99(end_to_end)", duration, true, "as above; decided from 1,000 samples on"},
    Metric{"p99.9(end_to_end)", duration, true, "as above; decided from 10,000 samples on"},
    Metric{"max(end_to_end)", duration, true, "as above"},
    Metric{"max(producer_unavailability)", duration, true,
           "the longest time that a partition confirmed nothing, beyond what is normal for it"},
    Metric{"total(producer_unavailability)", duration, true, "the sum of such times of the partition that had most"},
    Metric{"max(consumer_unavailability)", duration, true,
           "the longest time that a partition delivered nothing to a group or reader, beyond what is normal for it"},
    Metric{"total(consumer_unavailability)", duration, true, "the sum of such times of the partition that had most"},
    // what the cluster did
    Metric{"leader_changes", count, true, "times that a partition got another leader"},
    Metric{"in_flight_at_leader_change", messages, true,
           "the most records sent but unconfirmed at one moment while a partition changed its leader"},
    Metric{"faults_that_moved_leaders", count, false, "faults during which at least one partition got another leader"},
    Metric{"isr_shrinks", count, true, "times that a replica fell out of an ISR"},
    Metric{"controller_changes", count, true, "times that another controller became active"},
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
