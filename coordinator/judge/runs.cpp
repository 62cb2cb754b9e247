#include "coordinator/judge/runs.h"

namespace coordinator::judge {

namespace {

enum ProducerFlags : std::uint8_t {
  kSent = 1,
  kNext = 2,
  kAt = 4,
  kTransaction = 8,
  kKey = 16,
  kOffsetTold = 8,  // of an ack
  kSameCount = 16,  // of an ack: as long as the last send
};
// The first byte of a delivery: kPlain and the slot of its producer, or these flags and then the slot.
enum DeliverFlags : std::uint8_t {
  kOffsetNext = 1,
  kSequenceNext = 2,
  kTime = 4,
  kBroken = 8,
  kEpoch = 16,
  kWithin = 32,
  kElsewhere = 64,
  kPlain = 128,
};
constexpr std::uint8_t kOrdinary = kOffsetNext | kSequenceNext | kTime;
constexpr std::uint8_t kForeignSlot = 254;
constexpr std::uint8_t kFreshSlot = 255;
static_assert(DeliverSlots::kSlots < kPlain);

std::uint8_t flag(bool set, std::uint8_t bit) {
  return set ? bit : std::uint8_t{0};
}

}  // namespace

void ProducerStream::add(const SendRun& run) {
  const bool next = run.sequence == last_.next_sent;
  Pen pen = packed_.begin_record();
  pen.byte(static_cast<std::uint8_t>(kSent | flag(next, kNext) | flag(run.at != kNoTime, kAt) |
                                     flag(run.transaction != kNoOffset, kTransaction) | flag(run.key != kNoId, kKey)));
  if (!next) pen.difference(last_.next_sent, run.sequence);
  pen.number(static_cast<std::uint64_t>(run.count));
  pen.rise(last_.line, run.line);
  if (run.at != kNoTime) {
    pen.rise(last_.at, run.at);
    last_.at = run.at;
  }
  if (run.transaction != kNoOffset) {
    pen.difference(last_.transaction, run.transaction);
    last_.transaction = run.transaction;
  }
  if (run.key != kNoId) pen.number(run.key);
  packed_.end_record(pen);
  last_.next_sent = run.sequence + run.count;
  last_.count = run.count;
  last_.line = run.line;
  ++sends_;
}

void ProducerStream::add(const AckRun& run) {
  const bool next = run.sequence == last_.next_acked, same = run.count == last_.count;
  Pen pen = packed_.begin_record();
  pen.byte(static_cast<std::uint8_t>(flag(next, kNext) | flag(run.at != kNoTime, kAt) |
                                     flag(run.offset != kNoOffset, kOffsetTold) | flag(same, kSameCount)));
  if (!next) pen.difference(last_.next_acked, run.sequence);
  if (!same) pen.number(static_cast<std::uint64_t>(run.count));
  pen.rise(last_.line, run.line);
  if (run.at != kNoTime) {
    pen.rise(last_.at, run.at);
    last_.at = run.at;
  }
  if (run.offset != kNoOffset) {
    pen.rise(last_.next_offset, run.offset);
    last_.next_offset = run.offset + run.count;
  }
  packed_.end_record(pen);
  last_.next_acked = run.sequence + run.count;
  last_.line = run.line;
}

bool ProducerStream::is_send(std::uint8_t flags) {
  return (flags & kSent) != 0;
}

SendRun ProducerStream::read_send(Unpacker& in, std::uint8_t flags, Last& last) {
  SendRun run;
  run.sequence = (flags & kNext) != 0 ? last.next_sent : in.difference(last.next_sent);
  run.count = last.count = static_cast<std::int64_t>(in.number());
  run.line = last.line = in.rise(last.line);
  if ((flags & kAt) != 0) run.at = last.at = in.rise(last.at);
  if ((flags & kTransaction) != 0) run.transaction = last.transaction = in.difference(last.transaction);
  if ((flags & kKey) != 0) run.key = static_cast<Id>(in.number());
  last.next_sent = run.sequence + run.count;
  return run;
}

AckRun ProducerStream::read_ack(Unpacker& in, std::uint8_t flags, Last& last) {
  AckRun run;
  run.sequence = (flags & kNext) != 0 ? last.next_acked : in.difference(last.next_acked);
  run.count = (flags & kSameCount) != 0 ? last.count : static_cast<std::int64_t>(in.number());
  run.line = last.line = in.rise(last.line);
  if ((flags & kAt) != 0) run.at = last.at = in.rise(last.at);
  if ((flags & kOffsetTold) != 0) {
    run.offset = in.rise(last.next_offset);
    last.next_offset = run.offset + run.count;
  }
  last.next_acked = run.sequence + run.count;
  return run;
}

std::size_t DeliverSlots::search(Id producer) const {
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].producer == producer) return i;
  return kSlots;
}

std::size_t DeliverSlots::take(Id producer) {
  if (slots_.size() < kSlots) {
    slots_.push_back({producer, 0});
    return slots_.size() - 1;
  }
  const std::size_t slot = next_;
  next_ = (next_ + 1) % kSlots;
  slots_[slot] = {producer, 0};
  return slot;
}

void DeliverStream::add(const DeliverRun& run, const Partition& where) {
  const bool foreign = run.producer == kNoId;
  std::size_t slot = foreign ? kForeignSlot : slots_.find(run.producer);
  const bool fresh = !foreign && slot == DeliverSlots::kSlots;
  if (fresh) slot = slots_.take(run.producer);
  const bool next = run.offset == last_.next_offset;
  const bool in_sequence = foreign || run.sequence == slots_.at(slot).next_sequence;
  const bool elsewhere = run.target != where, within = run.within_producer != kNoId;
  const auto flags = static_cast<std::uint8_t>(flag(next, kOffsetNext) | flag(in_sequence, kSequenceNext) |
                                               flag(run.at != kNoTime, kTime) | flag(!run.intact, kBroken) |
                                               flag(run.leader_epoch != last_.leader_epoch, kEpoch) |
                                               flag(within, kWithin) | flag(elsewhere, kElsewhere));
  Pen pen = packed_.begin_record();
  if (flags == kOrdinary && !foreign && !fresh) {
    pen.byte(static_cast<std::uint8_t>(kPlain | slot));
  } else {
    pen.byte(flags);
    pen.byte(fresh ? kFreshSlot : static_cast<std::uint8_t>(slot));
    if (fresh) pen.number(run.producer);
    if (!next) pen.difference(last_.next_offset, run.offset);
    if (!in_sequence) pen.difference(slots_.at(slot).next_sequence, run.sequence);
    if ((flags & kEpoch) != 0) pen.difference(last_.leader_epoch, run.leader_epoch);
    if (within) {
      pen.number(run.within_producer);
      pen.difference(last_.transaction, run.within_transaction);
      last_.transaction = run.within_transaction;
    }
    if (elsewhere) {
      pen.number(run.target.topic);
      pen.number(static_cast<std::uint64_t>(run.target.partition));
    }
    last_.leader_epoch = run.leader_epoch;
  }
  pen.number(static_cast<std::uint64_t>(run.count));
  pen.rise(last_.line, run.line);
  if (run.at != kNoTime) {
    pen.rise(last_.at, run.at);
    last_.at = run.at;
  }
  packed_.end_record(pen);
  if (!foreign) slots_.at(slot).next_sequence = run.sequence + run.count;
  last_.next_offset = run.offset + run.count;
  last_.line = run.line;
}

// Everything of a delivery that a plain one need not tell; but for the count, the line and the time, which follow.
void DeliverStream::read_odd(Unpacker& in, std::uint8_t flags, DeliverRun& run, Last& last, DeliverSlots& slots) {
  std::size_t slot = in.byte();
  const bool foreign = slot == kForeignSlot;
  if (slot == kFreshSlot) slot = slots.take(static_cast<Id>(in.number()));
  run.offset = (flags & kOffsetNext) != 0 ? last.next_offset : in.difference(last.next_offset);
  if (!foreign) {
    DeliverSlots::Slot& own = slots.at(slot);
    run.producer = own.producer;
    run.sequence = (flags & kSequenceNext) != 0 ? own.next_sequence : in.difference(own.next_sequence);
  }
  run.intact = (flags & kBroken) == 0;
  if ((flags & kEpoch) != 0) last.leader_epoch = static_cast<std::int32_t>(in.difference(last.leader_epoch));
  if ((flags & kWithin) != 0) {
    run.within_producer = static_cast<Id>(in.number());
    run.within_transaction = last.transaction = in.difference(last.transaction);
  }
  if ((flags & kElsewhere) != 0) {
    run.target.topic = static_cast<Id>(in.number());
    run.target.partition = static_cast<std::int32_t>(in.number());
  }
  run.count = static_cast<std::int64_t>(in.number());
  if (!foreign) slots.at(slot).next_sequence = run.sequence + run.count;
}

DeliverRun DeliverStream::read(Unpacker& in, const Partition& where, Last& last, DeliverSlots& slots) {
  DeliverRun run;
  run.target = where;
  const std::uint8_t flags = in.byte();
  const bool plain = (flags & kPlain) != 0;
  if (plain) {
    DeliverSlots::Slot& own = slots.at(flags & (kPlain - 1));
    run.producer = own.producer;
    run.offset = last.next_offset;
    run.sequence = own.next_sequence;
    run.count = static_cast<std::int64_t>(in.number());
    own.next_sequence = run.sequence + run.count;
  } else {
    read_odd(in, flags, run, last, slots);
  }
  run.line = last.line = in.rise(last.line);
  if (plain || (flags & kTime) != 0) run.at = last.at = in.rise(last.at);
  run.leader_epoch = last.leader_epoch;
  last.next_offset = run.offset + run.count;
  return run;
}

}  // namespace coordinator::judge
