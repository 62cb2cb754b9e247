#include "workloads/produce_ledger.h"

#include <algorithm>

#include "workloads/run_span.h"

namespace workloads {

using common::base::Nanos;

ProduceLedger::ProduceLedger(evidence::SegmentWriter& evidence, evidence::Id producer, evidence::Id topic,
                             std::int64_t partitions)
    : evidence_(evidence), producer_(producer), topic_(topic), streams_(static_cast<std::size_t>(partitions)) {}

common::base::Result<void> ProduceLedger::reserve(std::int32_t partition, std::int64_t count, Nanos now) {
  Stream& stream = streams_[partition];
  if (stream.next + count <= stream.reserved) return {};
  // Blocks grow with the rate: few writes when fast, few numbers in doubt after a kill when slow.
  constexpr std::int64_t kLargestBlock = 1 << 17;
  if (stream.reserved > 0 && now - stream.reserved_at < common::base::kSecond)
    stream.block = std::min(stream.block * 2, kLargestBlock);
  const std::int64_t size = std::max(stream.block, stream.next + count - stream.reserved);
  evidence_.add(
      evidence::Reserve{.producer = producer_, .where = place(partition), .sequence = stream.reserved, .count = size});
  if (auto flushed = evidence_.flush(); !flushed) return flushed.error();
  stream.reserved += size;
  stream.reserved_at = now;
  return {};
}

void ProduceLedger::sent(std::int32_t partition, Nanos at, evidence::Id key, std::int64_t transaction) {
  Stream& stream = streams_[partition];
  evidence::Send& run = stream.send;
  const bool joins = run.count > 0 && run.key == key && run.transaction == transaction &&
                     run.sequence + run.count == stream.next && at - run.at <= kRunSpan;
  if (!joins) {
    write_send(stream);
    run = {.producer = producer_,
           .where = place(partition),
           .sequence = stream.next,
           .count = 0,
           .at = at,
           .transaction = transaction,
           .key = key};
  }
  ++run.count;
  ++stream.next;
  ++accepted_;
}

void ProduceLedger::refused(std::int32_t partition, evidence::Id reason, Nanos at) {
  Stream& stream = streams_[partition];
  evidence::Refuse& run = stream.refuse;
  if (run.count == 0 || run.reason != reason || run.sequence + run.count != stream.next) {
    write_send(stream);
    write_refuse(stream);
    run = {.producer = producer_,
           .where = place(partition),
           .sequence = stream.next,
           .count = 0,
           .reason = reason,
           .at = at};
  }
  ++run.count;
  ++stream.next;
  ++refused_;
}

void ProduceLedger::acked(std::int32_t partition, std::int64_t sequence, std::int64_t offset, Nanos at) {
  Stream& stream = streams_[partition];
  evidence::Ack& run = stream.ack;
  const bool follows = offset == evidence::kNoOffset
                           ? run.offset == evidence::kNoOffset
                           : run.offset != evidence::kNoOffset && run.offset + run.count == offset;
  const bool joins =
      run.count > 0 && follows && run.sequence + run.count == sequence && at - stream.ack_first <= kRunSpan;
  if (!joins) {
    write_ack(stream);
    run = {.producer = producer_, .where = place(partition), .sequence = sequence, .offset = offset, .count = 0};
    stream.ack_first = at;
  }
  ++run.count;
  run.at = at;
  ++acked_;
  if (offset != evidence::kNoOffset) stream.acked_to = std::max(stream.acked_to, offset + 1);
}

void ProduceLedger::unknown(std::int32_t partition, std::int64_t sequence, evidence::Id reason, Nanos at) {
  Stream& stream = streams_[partition];
  evidence::Unknown& run = stream.unknown;
  const bool joins =
      run.count > 0 && run.reason == reason && run.sequence + run.count == sequence && at - run.at <= kRunSpan;
  if (!joins) {
    write_unknown(stream);
    run = {
        .producer = producer_, .where = place(partition), .sequence = sequence, .count = 0, .reason = reason, .at = at};
  }
  ++run.count;
  ++unknown_;
}

void ProduceLedger::write_send(Stream& stream) {
  if (stream.send.count > 0) evidence_.add(stream.send);
  stream.send.count = 0;
}

void ProduceLedger::write_ack(Stream& stream) {
  if (stream.ack.count == 0) return;
  // The lines of a producer stand in the order in which they happened: a send before its outcome.
  if (stream.send.count > 0 && stream.ack.sequence + stream.ack.count > stream.send.sequence) write_send(stream);
  stream.ack.span = stream.ack.at - stream.ack_first;
  evidence_.add(stream.ack);
  stream.ack.count = 0;
}

void ProduceLedger::write_unknown(Stream& stream) {
  if (stream.unknown.count == 0) return;
  if (stream.send.count > 0 && stream.unknown.sequence + stream.unknown.count > stream.send.sequence)
    write_send(stream);
  evidence_.add(stream.unknown);
  stream.unknown.count = 0;
}

void ProduceLedger::write_refuse(Stream& stream) {
  if (stream.refuse.count > 0) evidence_.add(stream.refuse);
  stream.refuse.count = 0;
}

void ProduceLedger::write_open_runs() {
  for (Stream& stream : streams_) {
    write_send(stream);
    write_refuse(stream);
    write_ack(stream);
    write_unknown(stream);
  }
}

void ProduceLedger::close(Nanos at) {
  write_open_runs();
  evidence_.add(evidence::Close{.actor = producer_, .accepted = accepted(), .reported = reported(), .at = at});
}

}  // namespace workloads
