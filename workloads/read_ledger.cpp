#include "workloads/read_ledger.h"

#include <algorithm>
#include <cstdio>

#include "common/base/random.h"
#include "workloads/run_span.h"

namespace workloads {

using common::base::Nanos;
using evidence::Deliver;
using evidence::ReadOutcome;

ReadLedger::ReadLedger(evidence::SegmentWriter& evidence, evidence::Id consumer, const std::string& run,
                       const std::string& topic)
    : evidence_(evidence),
      consumer_(consumer),
      topic_(evidence.names().intern(topic)),
      run_hash_(common::base::hash64(run)),
      topic_hash_(static_cast<std::uint32_t>(common::base::hash64(topic))) {}

void ReadLedger::assigned(std::int32_t partition, std::int64_t position, Nanos at) {
  streams_[partition] = Stream{};
  streams_[partition].next = position;
  evidence_.add(evidence::Assign{.consumer = consumer_, .where = place(partition), .position = position, .at = at});
}

void ReadLedger::revoked(std::int32_t partition, bool lost, Nanos at) {
  const auto it = streams_.find(partition);
  if (it == streams_.end()) return;
  write_run(it->second);
  streams_.erase(it);
  evidence_.add(evidence::Revoke{.consumer = consumer_, .where = place(partition), .lost = lost, .at = at});
}

void ReadLedger::reset(std::int32_t partition) {
  if (const auto it = streams_.find(partition); it != streams_.end()) it->second.moved = true;
}

void ReadLedger::within(evidence::Id producer, std::int64_t transaction) {
  within_producer_ = producer;
  within_transaction_ = transaction;
}

void ReadLedger::sought(std::int32_t partition, std::int64_t offset, Nanos at) {
  const auto it = streams_.find(partition);
  if (it == streams_.end()) return;
  write_run(it->second);
  it->second.next = offset;
  it->second.moved = false;
  evidence_.add(evidence::Seek{.consumer = consumer_, .where = place(partition), .offset = offset, .at = at});
}

void ReadLedger::passed(std::int32_t partition, std::int64_t offset, Nanos at) {
  const auto it = streams_.find(partition);
  if (it == streams_.end()) return;
  // After a reset it got there by jumping, not by passing what lies between.
  if (it->second.moved && it->second.next != offset) return sought(partition, offset, at);
  it->second.next = std::max(it->second.next, offset);
}

evidence::Id ReadLedger::name_of(std::uint64_t producer) {
  const auto [it, fresh] = producers_.try_emplace(producer, evidence::kNoId);
  if (fresh) it->second = evidence_.names().intern(evidence::producer_name(producer));
  return it->second;
}

// A message of this run that says it was sent to a topic which this consumer does not read.
evidence::Id ReadLedger::topic_of(std::uint32_t hash) {
  if (hash == topic_hash_) return topic_;
  char text[16];
  std::snprintf(text, sizeof text, "#%08x", hash);
  return evidence_.names().intern(text);
}

Deliver ReadLedger::event_of(const ReadRecord& record) {
  Deliver event{.consumer = consumer_,
                .where = place(record.partition),
                .offset = record.offset,
                .target = place(record.partition),
                .leader_epoch = record.leader_epoch,
                .within_producer = within_producer_,
                .within_transaction = within_transaction_};
  const bool ours = record.outcome != ReadOutcome::foreign && record.identity.run == run_hash_;
  if (record.outcome == ReadOutcome::corrupt) {
    // The id is told as it stands there, but not believed; where it cannot even be one, it is left out.
    event.intact = false;
    if (!ours || record.identity.sequence < 0 || record.identity.sequence > INT64_MAX / 2) return event;
  } else if (ours) {
    event.target = {topic_of(record.identity.topic), record.identity.partition};
  }
  if (!ours) return event;
  event.producer = name_of(record.identity.producer);
  event.sequence = record.identity.sequence;
  return event;
}

evidence::Id ReadLedger::delivered(const ReadRecord& record, Nanos at) {
  Stream& stream = streams_[record.partition];
  const Deliver event = event_of(record);
  ++delivered_;
  if (!event.intact) ++corrupt_;
  if (event.intact && event.producer == evidence::kNoId) ++foreign_;
  if (stream.moved && record.offset != stream.next) {
    write_run(stream);
    evidence_.add(evidence::Seek{.consumer = consumer_, .where = event.where, .offset = record.offset, .at = at});
  }
  stream.moved = false;
  Deliver& run = stream.run;
  const bool sequence_follows = event.sequence == evidence::kNoOffset ? run.sequence == evidence::kNoOffset
                                                                      : run.sequence + run.count == event.sequence;
  const bool joins = stream.run_open && event.intact && run.intact && run.offset + run.count == event.offset &&
                     run.producer == event.producer && sequence_follows && run.target == event.target &&
                     run.leader_epoch == event.leader_epoch && run.within_producer == event.within_producer &&
                     run.within_transaction == event.within_transaction && at - stream.run_first <= kRunSpan;
  if (joins) {
    ++run.count;
  } else {
    write_run(stream);
    run = event;
    stream.run_first = at;
    stream.run_open = true;
  }
  run.at = at;
  stream.next = record.offset + 1;
  stream.leader_epoch = record.leader_epoch;
  return event.intact ? event.producer : evidence::kNoId;
}

void ReadLedger::committed(std::int32_t partition, std::int64_t offset, evidence::CommitState state, Nanos at) {
  if (const auto it = streams_.find(partition); it != streams_.end()) {
    write_run(it->second);
    if (state == evidence::CommitState::asked) it->second.commit_asked = offset;
  }
  evidence_.add(
      evidence::Commit{.consumer = consumer_, .where = place(partition), .offset = offset, .state = state, .at = at});
}

void ReadLedger::audited(std::int32_t partition, std::int64_t start, std::int64_t end) {
  if (const auto it = streams_.find(partition); it != streams_.end()) write_run(it->second);
  evidence_.add(evidence::Audit{.consumer = consumer_, .where = place(partition), .start = start, .end = end});
}

void ReadLedger::write_run(Stream& stream) {
  if (!stream.run_open) return;
  stream.run.span = stream.run.at - stream.run_first;
  evidence_.add(stream.run);
  stream.run_open = false;
}

void ReadLedger::write_open_runs() {
  for (auto& [partition, stream] : streams_) write_run(stream);
}

void ReadLedger::close(Nanos at) {
  write_open_runs();
  evidence_.add(evidence::Close{.actor = consumer_, .at = at});
}

}  // namespace workloads
