// The facts that tasks leave behind, one struct per event of docs/history.md (spec/history.md, format 1), plus those
// that only the binary evidence holds (reservations, latency, problems, phases, gauges), which a history leaves out.
// Pure data.
//
// Strings are interned: an Id is an index into the Names of whoever hands out the event. A field that a history may
// leave out has the value named here for "not told". Times are ns on the clock of the actor's host.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace workloads::evidence {

using Id = std::uint32_t;
inline constexpr Id kNoId = 0xffffffff;
inline constexpr std::int64_t kNoTime = INT64_MIN;
inline constexpr std::int64_t kNoOffset = -1;  // offset, position, sequence or transaction number not told
inline constexpr std::int32_t kNoEpoch = -1;

struct Partition {
  Id topic = kNoId;
  std::int32_t partition = 0;
  auto operator<=>(const Partition&) const = default;  // NOLINT(modernize-use-nullptr): no pointer here
};

enum class Acks : std::uint8_t { all, one, zero };
enum class Isolation : std::uint8_t { read_committed, read_uncommitted };
enum class Reset : std::uint8_t { earliest, latest, error };
enum class TransactionState : std::uint8_t { begun, commit_asked, committed, abort_asked, aborted, unknown };
enum class CommitState : std::uint8_t { asked, confirmed, failed, unknown };
enum class FaultState : std::uint8_t { planned, injecting, active, reverting, reverted, failed };

struct RunStart {
  std::string run{};
  bool operator==(const RunStart&) const = default;
};
struct TopicInfo {
  Id topic = kNoId;
  std::int32_t partitions = 1;
  std::int32_t replication_factor = 3;
  std::int32_t min_insync_replicas = 2;
  bool unclean_leader_election = false;
  bool compact = false;  // cleanup_policy
  bool operator==(const TopicInfo&) const = default;
};
struct ProducerInfo {  // a new incarnation; names never come back
  Id producer = kNoId;
  Id host = kNoId;
  Acks acks = Acks::all;
  bool idempotence = true;
  std::int32_t max_in_flight = 5;
  Id transactional_id = kNoId;
  bool operator==(const ProducerInfo&) const = default;
};
struct Send {  // sequence .. sequence+count-1 were accepted by the client library; at: the earliest of them
  Id producer = kNoId;
  Partition where{};
  std::int64_t sequence = 0;
  std::int64_t count = 1;
  std::int64_t at = kNoTime;
  std::int64_t transaction = kNoOffset;
  Id key = kNoId;
  bool operator==(const Send&) const = default;
};
struct Ack {  // sequence+i is at offset+i; at: the latest of them, at - span: the earliest
  Id producer = kNoId;
  Partition where{};
  std::int64_t sequence = 0;
  std::int64_t offset = kNoOffset;
  std::int64_t count = 1;
  std::int64_t at = kNoTime;
  std::int64_t span = 0;  // binary only
  bool operator==(const Ack&) const = default;
};
struct Refuse {  // produce() itself failed: it never left the client
  Id producer = kNoId;
  Partition where{};
  std::int64_t sequence = 0;
  std::int64_t count = 1;
  Id reason = kNoId;
  std::int64_t at = kNoTime;
  bool operator==(const Refuse&) const = default;
};
struct Unknown {  // it may or may not be in the log; reason: librdkafka's code and status as told
  Id producer = kNoId;
  Partition where{};
  std::int64_t sequence = 0;
  std::int64_t count = 1;
  Id reason = kNoId;
  std::int64_t at = kNoTime;
  bool operator==(const Unknown&) const = default;
};
struct Transaction {
  Id producer = kNoId;
  std::int64_t transaction = 0;
  TransactionState state = TransactionState::begun;
  std::int64_t at = kNoTime;
  bool operator==(const Transaction&) const = default;
};
struct ConsumerInfo {  // a new incarnation
  Id consumer = kNoId;
  Id host = kNoId;
  Id group = kNoId;  // none: assigned by hand
  Isolation isolation = Isolation::read_committed;
  Reset reset = Reset::earliest;
  bool operator==(const ConsumerInfo&) const = default;
};
struct Assign {
  Id consumer = kNoId;
  Partition where{};
  std::int64_t position = kNoOffset;
  std::int64_t at = kNoTime;
  bool operator==(const Assign&) const = default;
};
struct Revoke {
  Id consumer = kNoId;
  Partition where{};
  bool lost = false;
  std::int64_t at = kNoTime;
  bool operator==(const Revoke&) const = default;
};
struct Seek {  // on purpose or by an automatic reset
  Id consumer = kNoId;
  Partition where{};
  std::int64_t offset = 0;
  std::int64_t at = kNoTime;
  bool operator==(const Seek&) const = default;
};
struct Deliver {  // sequence+i was handed over at offset+i; at: the latest of them, at - span: the earliest
  Id consumer = kNoId;
  Partition where{};
  std::int64_t offset = 0;
  std::int64_t count = 1;
  Id producer = kNoId;  // not one of ours: kNoId, sequence kNoOffset
  std::int64_t sequence = kNoOffset;
  Partition target{};  // where the message says it was sent; equal to `where` unless misrouted
  std::int64_t at = kNoTime;
  std::int64_t span = 0;  // binary only
  bool intact = true;
  std::int32_t leader_epoch = kNoEpoch;
  Id within_producer = kNoId;  // processed within that transaction
  std::int64_t within_transaction = kNoOffset;
  bool operator==(const Deliver&) const = default;
};
struct Commit {  // offset: the next one to read
  Id consumer = kNoId;
  Partition where{};
  std::int64_t offset = 0;
  CommitState state = CommitState::asked;
  std::int64_t at = kNoTime;
  bool operator==(const Commit&) const = default;
};
struct Input {  // the record sent was made from that input record
  Id producer = kNoId;
  Partition where{};
  std::int64_t sequence = 0;
  Partition of{};
  std::int64_t of_offset = 0;
  bool operator==(const Input&) const = default;
};
struct Audit {  // that consumer's deliveries are all that a read_committed reader finds in [start, end)
  Id consumer = kNoId;
  Partition where{};
  std::int64_t start = 0;
  std::int64_t end = 0;
  bool operator==(const Audit&) const = default;
};
struct Sample {  // what the cluster said
  Partition where{};
  std::int64_t at = kNoTime;
  Id host = kNoId;
  std::int64_t log_start = kNoOffset;
  std::int64_t end = kNoOffset;
  std::int32_t leader = -1;  // broker id; -1: none, or not told
  std::int32_t leader_epoch = kNoEpoch;
  bool isr_told = false;
  std::vector<std::int32_t> isr{};
  bool operator==(const Sample&) const = default;
};
struct ClockOffset {  // that host's clock minus the reference, +- error
  Id host = kNoId;
  std::int64_t offset_ns = 0;
  std::int64_t error_ns = 0;
  bool operator==(const ClockOffset&) const = default;
};
struct Fault {
  Id fault = kNoId;
  Id kind = kNoId;
  Id target = kNoId;
  FaultState state = FaultState::planned;
  std::int64_t at = kNoTime;
  Id host = kNoId;
  Id proof = kNoId;  // how it was felt
  bool operator==(const Fault&) const = default;
};
struct End {  // nothing is missing
  bool operator==(const End&) const = default;
};

// ---- only in binary evidence; a history does not show them -------------------------------------------------------

// Written before sequence numbers are used. What was reserved but has no Send when the evidence ends without Close may
// have been sent: a reader then reports it as sent (see segment_reader.h).
struct Reserve {
  Id producer = kNoId;
  Partition where{};
  std::int64_t sequence = 0;
  std::int64_t count = 1;
  bool operator==(const Reserve&) const = default;
};
// The actor ended by itself: unused reservations were never sent. Books of the client: accepted produce() calls and
// delivery reports must be equal (a consumer leaves both 0); if not, *we* lost one.
struct Close {
  Id actor = kNoId;
  std::int64_t accepted = 0;
  std::int64_t reported = 0;
  std::int64_t at = kNoTime;
  bool operator==(const Close&) const = default;
};
// Latencies of one second of one actor. `buckets` is a histogram (histogram.h): ascending (bucket index, count).
struct Latency {
  Id actor = kNoId;
  Id metric = kNoId;        // "ack", "end_to_end", "service"
  Id peer = kNoId;          // end_to_end: the host of the producer, for the clock correction
  std::int64_t second = 0;  // at / 1e9 on the actor's clock
  std::vector<std::pair<std::int32_t, std::int64_t>> buckets{};
  bool operator==(const Latency&) const = default;
};
// What a client library or a broker said of a failure; never the outcome of a message, which has its own event.
struct Problem {
  Id actor = kNoId;
  Id code = kNoId;  // librdkafka's name, e.g. "_TRANSPORT"
  Id text = kNoId;
  Partition where{};  // topic kNoId: of no partition
  std::int64_t at = kNoTime;
  bool operator==(const Problem&) const = default;
};
// A phase of the run began (written by the conductor).
struct Phase {
  Id name = kNoId;
  std::int64_t at = kNoTime;
  bool operator==(const Phase&) const = default;
};
// A number over time: "lag", "controller", "retries", "in_flight"; where.topic kNoId: of no partition.
struct Gauge {
  Id actor = kNoId;
  Id name = kNoId;
  Partition where{};
  std::int64_t at = kNoTime;
  std::int64_t value = 0;
  bool operator==(const Gauge&) const = default;
};

using Event = std::variant<RunStart, TopicInfo, ProducerInfo, Send, Ack, Refuse, Unknown, Transaction, ConsumerInfo,
                           Assign, Revoke, Seek, Deliver, Commit, Input, Audit, Sample, ClockOffset, Fault, End,
                           Reserve, Close, Latency, Problem, Phase, Gauge>;

// A history shows it, so it has a line in the dump of a run; witnesses of findings are such lines.
inline bool stands_in_history(const Event& event) {
  constexpr std::size_t kFirstBinaryOnly = 20;
  static_assert(std::is_same_v<std::variant_alternative_t<kFirstBinaryOnly, Event>, Reserve>);
  return event.index() < kFirstBinaryOnly;
}

}  // namespace workloads::evidence
