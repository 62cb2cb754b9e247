#include "coordinator/report/told.h"

#include <algorithm>

#include "coordinator/report/silence.h"

namespace coordinator::report {

using common::base::Nanos;

namespace {

// An observation that is older says too little of when the leader changed to subtract it from an ack.
constexpr Nanos kSharp = common::base::kSecond;

constexpr std::string_view kNoChange = "no change of its leader was observed";
constexpr std::string_view kNoError = "no client reported an error for this partition or the broker that led it";
constexpr std::string_view kIsrWhole = "its in-sync replicas were never seen incomplete";
constexpr std::string_view kNoProducerError =
    "no producer reported an error for this partition or the broker that led it";
constexpr std::string_view kNoConsumerError =
    "no consumer reported an error for this partition or the broker that led it";
constexpr std::string_view kClocks =
    "the clocks of the hosts were never compared, or differ by more than a silence must last";
constexpr std::string_view kLagNormal = "its lag was never told to be above twice the highest before the first fault";

struct Words {  // of producers or consumers
  std::string_view undisturbed, before, never;
};
constexpr Words kProducers{"its producers were never silent for longer than is normal",
                           "its producers were silent already when the fault came",
                           "no ack came after the last silence"};
constexpr Words kConsumers{"its consumers were never silent for longer than is normal",
                           "its consumers were silent already when the fault came",
                           "no delivery came after the last silence, for one of its consumers"};

std::string_view why(const Silence& silence, const Words& words) {
  switch (silence.course) {
    case Course::undisturbed:
      return words.undisturbed;
    case Course::silent_before:
      return words.before;
    case Course::recovered:
    case Course::unrecovered:
      break;
  }
  return words.never;
}

Told client_recovery(const PartitionMilestones& in) {
  Told told{"client_recovery_ns", std::nullopt, ""};
  if (!in.new_leader)
    told.why = kNoChange;
  else if (!in.silent_at_change)
    told.why = "its producers were not silent when the leader changed";
  else if (!in.served_again)
    told.why = kProducers.never;
  else if (*in.served_again < *in.new_leader)
    told.why = "acks came again before the new leader was observed, perhaps from the old one";
  else if (*in.new_leader - *in.old_leader > kSharp)
    told.why = "when the leader changed is not known to a second";
  else
    told.value = *in.served_again - *in.new_leader;
  return told;
}

Told consumer_recovery(const PartitionMilestones& in) {
  Told told{"consumer_recovery_ns", std::nullopt, ""};
  if (!in.new_leader)
    told.why = kNoChange;
  else if (!in.unread_at_change)
    told.why = "its consumers were not silent when the leader changed";
  else if (!in.read_again)
    told.why = kConsumers.never;
  else if (*in.read_again < *in.new_leader)
    told.why = "deliveries came again before the new leader was observed, of what the old one had stored";
  else if (*in.new_leader - *in.old_leader > kSharp)
    told.why = "when the leader changed is not known to a second";
  else
    told.value = *in.read_again - *in.new_leader;
  return told;
}

Moment earlier(const Moment& a, const Moment& b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

}  // namespace

std::vector<Told> told_of(const PartitionMilestones& in, const FaultMeasured& fault) {
  const Nanos zero = fault.injecting.value_or(0);
  const auto since = [zero](const Moment& at) { return at ? Moment(*at - zero) : std::nullopt; };
  const std::string_view unacked = why(in.producers, kProducers);
  const std::string_view undelivered = why(in.consumers, kConsumers);
  const Moment error =
      in.new_leader ? Moment(*in.new_leader - *in.old_leader + fault.clock_error.value_or(0)) : std::nullopt;
  const Moment first_error = earlier(in.producer_error, in.consumer_error);
  const auto silent = [](const Silence& silence, Nanos length) {
    return silence.course == Course::recovered ? Moment(length) : std::nullopt;
  };
  std::vector<Told> all = {
      {"last_ack_ns", since(in.producers.last), unacked},
      {"first_error_ns", since(first_error), kNoError},
      {"old_leader_ns", since(in.old_leader), kNoChange},
      {"new_leader_ns", since(in.new_leader), kNoChange},
      {"first_ack_ns", since(in.producers.first), unacked},
      {"last_delivery_ns", since(in.consumers.last), undelivered},
      {"first_delivery_ns", since(in.consumers.first), undelivered},
      {"isr_short_ns", since(in.isr_short), kIsrWhole},
      {"isr_complete_ns", since(in.isr_complete), in.isr_short ? "they were never seen complete again" : kIsrWhole},
      {"lag_high_ns", since(in.lag_high), kLagNormal},
      {"lag_normal_ns", since(in.lag_normal), in.lag_high ? "it was still above at the end" : kLagNormal},
      {"detection_ns", since(first_error), kNoError},
      {"producer_detection_ns", since(in.producer_error), kNoProducerError},
      {"consumer_detection_ns", since(in.consumer_error), kNoConsumerError},
      {"election_ns", since(in.new_leader), kNoChange},
      {"election_error_ns", error, kNoChange},
      client_recovery(in),
      consumer_recovery(in),
      {"producer_unavailability_ns", silent(in.producers, in.producers.total), unacked},
      {"producer_longest_ns", silent(in.producers, in.producers.longest), unacked},
      {"consumer_unavailability_ns", silent(in.consumers, in.consumers.total), undelivered},
      {"consumer_longest_ns", silent(in.consumers, in.consumers.longest), undelivered},
  };
  // Who was silent because of what is told by times of several hosts.
  if (!fault.clock_error || *fault.clock_error > kShortestStall)
    for (Told& told : all) told = {told.name, std::nullopt, told.value ? kClocks : told.why};
  return all;
}

}  // namespace coordinator::report
