// What a run measured, as data: per phase and per fault. All times are ns on the coordinator's clock.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "coordinator/report/levels.h"
#include "workloads/evidence/event.h"
#include "workloads/evidence/histogram.h"

namespace coordinator::report {

using Moment = std::optional<common::base::Nanos>;  // nullopt: it never came, or nobody saw it

// A time in which a partition confirmed (producers) or handed over (consumers) nothing although records were waiting,
// longer than is normal for it: than 200 ms, than 5 times its median gap, and than any gap before the first fault.
struct Stall {
  workloads::evidence::Partition where;
  std::string who;                // "producers", or the group or reader by hand
  common::base::Nanos begin = 0;  // the last ack or delivery before
  common::base::Nanos felt = 0;   // from here on it was longer than is normal
  common::base::Nanos end = 0;    // the first one after
  bool open = false;              // none came after: it lasted at least until `end`
  // The longest part of it, after every fault was over, in which no open transaction hid what was there from a
  // read_committed reader.
  common::base::Nanos unhidden = std::numeric_limits<common::base::Nanos>::max();
  common::base::Nanos length() const { return end - begin; }
};

struct Unavailability {
  common::base::Nanos longest = 0;
  common::base::Nanos total = 0;  // of the partition that had most
  bool open = false;              // at least this long
  // How wrong a length can be, since who stood in for each other had several clocks; nullopt: never compared.
  std::optional<common::base::Nanos> clock_error = 0;
  workloads::evidence::Partition worst;  // of `longest`; meaningless if that is 0
  std::string who;                       // of `longest`
  std::int64_t partitions = 0;           // how many had a stall
  // Somebody had something to send (consumers: to read) then: without that nobody was silent, nor was anybody served.
  bool wanted = false;
};

struct Percentiles {  // of latencies
  workloads::evidence::Histogram histogram;
  std::optional<common::base::Nanos> clock_error = 0;  // nullopt: two clocks that were never compared
};

struct Measured {     // over a phase, a fault (from its injection until it was reverted), or the whole run
  std::string phase;  // or fault; "": the whole run
  common::base::Nanos begin = 0;
  common::base::Nanos end = 0;
  std::int64_t sent = 0;
  std::int64_t acked = 0;
  std::int64_t unknown = 0;
  std::int64_t refused = 0;
  std::int64_t delivered = 0;  // to all groups and readers by hand; audits excluded
  Percentiles ack;
  Percentiles end_to_end;
  std::int64_t leader_changes = 0;
  std::int64_t leader_elections = 0;  // those, and when a partition without one got the same leader again
  std::int64_t in_flight_at_leader_change = 0;
  std::int64_t isr_shrinks = 0;
  std::int64_t controller_changes = 0;
  bool cluster_observed = false;     // throughout: else leaders and ISR changed at least so often
  bool controller_observed = false;  // likewise
  Unavailability producers;
  Unavailability consumers;
};

// Of one partition's acks, or deliveries, and one fault.
enum class Course {
  undisturbed,    // never silent because of it
  silent_before,  // silent already when it came, and not again because of it: nothing can be told
  recovered,
  unrecovered,  // nothing came any more while there was something to do
};
struct Silence {
  Course course = Course::undisturbed;
  Moment last;                    // before the first silence
  Moment first;                   // after the last one
  common::base::Nanos total = 0;  // of who was silent most; at least that long if unrecovered
  common::base::Nanos longest = 0;
};

struct PartitionMilestones {  // of one fault; every moment is absolute
  workloads::evidence::Partition where;
  Silence producers;
  Silence consumers;               // of all groups and readers by hand
  Moment producer_error;           // the first that a producer reported for this partition
  Moment consumer_error;           // .. and a consumer
  Moment new_leader;               // there is one by then: it was observed, or it confirmed something
  Moment old_leader;               // last observed before that, with the old one
  Moment served_again;             // the ack that ended the silence in which the leader changed
  bool leader_by_ack = false;      // the new leader is known by that ack, before it was observed
  bool silent_at_change = false;   // the leader changed while producers were silent
  Moment read_again;               // the delivery that ended the silence in which it changed, of the last group
  bool unread_at_change = false;   // it changed while consumers were silent
  Moment isr_short, isr_complete;  // first seen incomplete, first seen complete again
  Moment lag_high, lag_normal;     // above twice its highest value before the first fault, and back
};

struct FaultMeasured {
  std::string name;
  std::string kind;
  std::string target;
  std::string proof;  // how it was felt; "" if it was not
  Moment planned, injecting, active, reverting, reverted, failed;
  common::base::Nanos window_end = 0;  // until the next fault, or the end
  Moment first_error;                  // that any client reported
  Unavailability producers;
  Unavailability consumers;
  std::vector<PartitionMilestones> partitions;  // those that felt it, in order of topic and partition
  std::int64_t leader_changes = 0;
  bool cluster_observed = false;  // until `window_end`, throughout: else it is at least that many
  Measured during;                // what was measured while it was there
  // How far the clocks of the hosts may be apart whose events are compared here; nullopt: they never were.
  std::optional<common::base::Nanos> clock_error = 0;
  // Until when what begins is counted as its effect: `window_end` if it was never reverted.
  common::base::Nanos over() const { return reverted.value_or(window_end); }
};

// What one producer incarnation did with one partition.
struct Stream {
  workloads::evidence::Id producer = workloads::evidence::kNoId;
  workloads::evidence::Partition where;
  std::int64_t sent = 0;
  std::int64_t acked = 0;
  std::int64_t refused = 0;
  std::int64_t unknown = 0;
  bool settled() const { return sent == acked + refused + unknown; }
};

struct SeriesPoint {
  std::int64_t acked = 0, delivered = 0, unknown = 0, refused = 0;
  std::int64_t errors = 0;              // that clients reported
  std::optional<std::int64_t> retries;  // nullopt: no client told
  std::int64_t lag = -1;                // the largest of a partition; -1: not told
  Percentiles ack;
  Percentiles end_to_end;
};
struct Series {
  common::base::Nanos begin = 0;
  common::base::Nanos step = common::base::kSecond;
  std::vector<SeriesPoint> points;
};

// Records of which nobody knows when they were sent, or ended: they are in the run's numbers and in no window's.
struct Timeless {
  std::int64_t sent = 0, acked = 0, unknown = 0, refused = 0, delivered = 0;
  bool outcomes() const { return acked + unknown + refused > 0; }
};

struct Measurements {
  Measured run;
  Timeless timeless;
  std::vector<Measured> phases;
  std::vector<FaultMeasured> faults;  // in order of injection
  std::vector<Stream> streams;        // in order of partition and producer
  std::vector<Stall> producer_stalls;
  std::vector<Stall> consumer_stalls;
  Series series;
  Levels lag;                                          // the largest of a partition, over all groups
  Levels under_replicated;                             // partitions whose ISR was seen incomplete
  std::optional<common::base::Nanos> clock_error = 0;  // of all hosts; nullopt: some were never compared
  std::int64_t partitions = 0;                         // with at least one record
  std::int64_t lag_left = -1;                          // sum over groups and partitions, as last told; -1: never told
  bool controller_touched = false;                     // another controller became active
  bool transactions = false;
  // From when on the run must have been observed: before its first phase nothing was sent that counts.
  common::base::Nanos observed_from() const { return phases.empty() ? run.begin : phases.front().begin; }
};

}  // namespace coordinator::report
