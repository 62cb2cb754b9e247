// The fields of every event, in the order in which they are stored; one description for both ways. `C` is RecordEncoder
// (reads the event) or RecordDecoder (fills it): plain() stores a value, predicted() only a deviation from the value
// given, stream() the fields by which neighbours are alike (streams.h). Adding a field is one line here and a new
// wire::kVersion.
#pragma once

#include <concepts>
#include <type_traits>

#include "workloads/evidence/event.h"
#include "workloads/evidence/streams.h"

namespace workloads::evidence {

template <typename E, typename T>
concept Is = std::same_as<std::remove_const_t<E>, T>;

// Wraps, as the deltas do: an event with absurd numbers must come back as it was.
inline std::int64_t wrapping_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

template <typename C, Is<RunStart> E>
void describe(C& c, E& e) {
  c.text(e.run);
}

template <typename C, Is<TopicInfo> E>
void describe(C& c, E& e) {
  c.plain(e.topic);
  c.plain(e.partitions);
  c.plain(e.replication_factor);
  c.plain(e.min_insync_replicas);
  c.plain(e.unclean_leader_election);
  c.plain(e.compact);
}

template <typename C, Is<ProducerInfo> E>
void describe(C& c, E& e) {
  c.plain(e.producer);
  c.plain(e.host);
  c.plain(e.acks, Acks::zero);
  c.plain(e.idempotence);
  c.plain(e.max_in_flight);
  c.plain(e.transactional_id);
}

template <typename C, Is<Send> E>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.producer, e.where);
  c.predicted(e.sequence, s.next_sequence);
  c.plain(e.count);
  c.time(e.at);
  c.predicted(e.transaction, s.transaction);
  c.predicted(e.key, s.text);
  s.next_sequence = wrapping_add(e.sequence, e.count);
  s.transaction = e.transaction;
  s.text = e.key;
}

template <typename C, Is<Ack> E>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.producer, e.where);
  c.predicted(e.sequence, s.next_sequence);
  c.predicted(e.offset, s.next_offset);
  c.plain(e.count);
  c.time(e.at);
  c.plain(e.span);
  s.next_sequence = wrapping_add(e.sequence, e.count);
  s.next_offset = e.offset == kNoOffset ? kNoOffset : wrapping_add(e.offset, e.count);
}

// An outcome that is neither ack nor delivery: Refuse, Unknown.
template <typename C, typename E>
requires Is<E, Refuse> || Is<E, Unknown>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.producer, e.where);
  c.predicted(e.sequence, s.next_sequence);
  c.plain(e.count);
  c.predicted(e.reason, s.text);
  c.time(e.at);
  s.next_sequence = wrapping_add(e.sequence, e.count);
  s.text = e.reason;
}

template <typename C, Is<Transaction> E>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.producer);
  c.predicted(e.transaction, s.transaction);
  c.plain(e.state, TransactionState::unknown);
  c.time(e.at);
  s.transaction = e.transaction;
}

template <typename C, Is<ConsumerInfo> E>
void describe(C& c, E& e) {
  c.plain(e.consumer);
  c.plain(e.host);
  c.plain(e.group);
  c.plain(e.isolation, Isolation::read_uncommitted);
  c.plain(e.reset, Reset::error);
}

template <typename C, Is<Assign> E>
void describe(C& c, E& e) {
  c.plain(e.consumer);
  c.plain(e.where);
  c.plain(e.position);
  c.time(e.at);
}

template <typename C, Is<Revoke> E>
void describe(C& c, E& e) {
  c.plain(e.consumer);
  c.plain(e.where);
  c.plain(e.lost);
  c.time(e.at);
}

template <typename C, Is<Seek> E>
void describe(C& c, E& e) {
  c.plain(e.consumer);
  c.plain(e.where);
  c.plain(e.offset);
  c.time(e.at);
}

template <typename C, Is<Deliver> E>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.consumer, e.where, e.producer);
  c.predicted(e.offset, s.next_offset);
  c.predicted(e.sequence, s.next_sequence);
  c.plain(e.count);
  c.time(e.at);
  c.plain(e.span);
  c.predicted(e.leader_epoch, s.leader_epoch);
  c.predicted(e.target, e.where);
  c.predicted(e.intact, true);
  c.predicted(e.within_transaction, s.transaction);
  c.predicted(e.within_producer, s.text);
  s.next_offset = wrapping_add(e.offset, e.count);
  s.next_sequence = e.sequence == kNoOffset ? kNoOffset : wrapping_add(e.sequence, e.count);
  s.leader_epoch = e.leader_epoch;
  s.transaction = e.within_transaction;
  s.text = e.within_producer;
}

template <typename C, Is<Commit> E>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.consumer, e.where);
  c.predicted(e.offset, s.next_offset);  // asked, then answered: the second of the two costs nothing
  c.plain(e.state, CommitState::unknown);
  c.time(e.at);
  s.next_offset = e.offset;
}

template <typename C, Is<Input> E>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.producer, e.where);
  c.predicted(e.sequence, s.next_sequence);
  c.plain(e.of);
  c.predicted(e.of_offset, s.next_offset);
  s.next_sequence = wrapping_add(e.sequence, 1);
  s.next_offset = wrapping_add(e.of_offset, 1);
}

template <typename C, Is<Audit> E>
void describe(C& c, E& e) {
  c.plain(e.consumer);
  c.plain(e.where);
  c.plain(e.start);
  c.plain(e.end);
}

template <typename C, Is<Sample> E>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.host, e.where);
  c.time(e.at);
  c.predicted(e.end, s.next_offset);
  c.predicted(e.log_start, s.next_sequence);
  c.predicted(e.leader_epoch, s.leader_epoch);
  c.predicted(e.leader, static_cast<std::int32_t>(s.transaction));
  c.predicted(e.isr_told, true);
  c.list(e.isr);
  s.next_offset = e.end;
  s.next_sequence = e.log_start;
  s.leader_epoch = e.leader_epoch;
  s.transaction = e.leader;
}

template <typename C, Is<ClockOffset> E>
void describe(C& c, E& e) {
  c.plain(e.host);
  c.plain(e.offset_ns);
  c.plain(e.error_ns);
}

template <typename C, Is<Fault> E>
void describe(C& c, E& e) {
  c.plain(e.fault);
  c.plain(e.kind);
  c.plain(e.target);
  c.plain(e.state, FaultState::failed);
  c.time(e.at);
  c.plain(e.host);
  c.plain(e.proof);
}

template <typename C, Is<End> E>
void describe(C&, E&) {}

template <typename C, Is<Reserve> E>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.producer, e.where);
  c.predicted(e.sequence, s.next_sequence);
  c.plain(e.count);
  s.next_sequence = wrapping_add(e.sequence, e.count);
}

template <typename C, Is<Close> E>
void describe(C& c, E& e) {
  c.plain(e.actor);
  c.plain(e.accepted);
  c.plain(e.reported);
  c.time(e.at);
}

template <typename C, Is<Latency> E>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.actor, e.metric, e.peer);
  c.predicted(e.second, s.next_sequence);
  c.buckets(e.buckets);
  s.next_sequence = wrapping_add(e.second, 1);
}

template <typename C, Is<Problem> E>
void describe(C& c, E& e) {
  c.plain(e.actor);
  c.plain(e.code);
  c.plain(e.text);
  c.plain(e.where);
  c.time(e.at);
}

template <typename C, Is<Phase> E>
void describe(C& c, E& e) {
  c.plain(e.name);
  c.time(e.at);
}

template <typename C, Is<Gauge> E>
void describe(C& c, E& e) {
  Stream& s = c.stream(e.actor, e.where, e.name);
  c.time(e.at);
  c.predicted(e.value, s.next_offset);
  s.next_offset = e.value;
}

}  // namespace workloads::evidence
