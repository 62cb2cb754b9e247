#include "coordinator/judge/runs.h"

namespace coordinator::judge {

namespace {

enum SendFlags : std::uint8_t { kNext = 1, kAt = 2, kTransaction = 4, kKey = 8, kLineNext = 16, kOffsetTold = 32 };
enum DeliverFlags : std::uint8_t {
  kOffsetNext = 1,
  kSequenceNext = 2,
  kTime = 4,
  kBroken = 8,
  kEpoch = 16,
  kWithin = 32,
  kElsewhere = 64,
  kLineFollows = 128,
};
constexpr std::uint8_t kForeignSlot = 254;
constexpr std::uint8_t kFreshSlot = 255;

std::uint8_t flag(bool set, std::uint8_t bit) {
  return set ? bit : std::uint8_t{0};
}

}  // namespace

void SendStream::add(const SendRun& run) {
  const bool next = run.sequence == last_.sequence + last_.count;
  packed_.begin_record();
  packed_.byte(static_cast<std::uint8_t>(flag(next, kNext) | flag(run.at != kNoTime, kAt) |
                                         flag(run.transaction != kNoOffset, kTransaction) |
                                         flag(run.key != kNoId, kKey)));
  if (!next) packed_.difference(last_.sequence, run.sequence);
  packed_.number(static_cast<std::uint64_t>(run.count));
  packed_.difference(last_.line, run.line);
  SendRun kept = run;
  if (run.at != kNoTime)
    packed_.difference(last_.at, run.at);
  else
    kept.at = last_.at;
  if (run.transaction != kNoOffset)
    packed_.difference(last_.transaction, run.transaction);
  else
    kept.transaction = last_.transaction;
  if (run.key != kNoId) packed_.number(run.key);
  last_ = kept;
}

std::vector<SendRun> SendStream::all() const {
  std::vector<SendRun> runs;
  runs.reserve(packed_.records());
  Unpacker in(packed_);
  SendRun last;
  while (in.begin_record()) {
    const std::uint8_t flags = in.byte();
    SendRun run = last;
    run.sequence = (flags & kNext) != 0 ? last.sequence + last.count : in.difference(last.sequence);
    run.count = static_cast<std::int64_t>(in.number());
    run.line = in.difference(last.line);
    if ((flags & kAt) != 0) run.at = in.difference(last.at);
    if ((flags & kTransaction) != 0) run.transaction = in.difference(last.transaction);
    run.key = (flags & kKey) != 0 ? static_cast<Id>(in.number()) : kNoId;
    last = run;
    if ((flags & kAt) == 0) run.at = kNoTime;
    if ((flags & kTransaction) == 0) run.transaction = kNoOffset;
    runs.push_back(run);
  }
  return runs;
}

void AckStream::add(const AckRun& run) {
  const bool next = run.sequence == last_.sequence + last_.count;
  packed_.begin_record();
  packed_.byte(static_cast<std::uint8_t>(flag(next, kNext) | flag(run.at != kNoTime, kAt) |
                                         flag(run.offset != kNoOffset, kOffsetTold)));
  if (!next) packed_.difference(last_.sequence, run.sequence);
  packed_.number(static_cast<std::uint64_t>(run.count));
  packed_.difference(last_.line, run.line);
  AckRun kept = run;
  if (run.at != kNoTime)
    packed_.difference(last_.at, run.at);
  else
    kept.at = last_.at;
  if (run.offset != kNoOffset)
    packed_.difference(last_.offset, run.offset);
  else
    kept.offset = last_.offset;
  last_ = kept;
}

std::vector<AckRun> AckStream::all() const {
  std::vector<AckRun> runs;
  runs.reserve(packed_.records());
  Unpacker in(packed_);
  AckRun last;
  while (in.begin_record()) {
    const std::uint8_t flags = in.byte();
    AckRun run = last;
    run.sequence = (flags & kNext) != 0 ? last.sequence + last.count : in.difference(last.sequence);
    run.count = static_cast<std::int64_t>(in.number());
    run.line = in.difference(last.line);
    if ((flags & kAt) != 0) run.at = in.difference(last.at);
    if ((flags & kOffsetTold) != 0) run.offset = in.difference(last.offset);
    last = run;
    if ((flags & kAt) == 0) run.at = kNoTime;
    if ((flags & kOffsetTold) == 0) run.offset = kNoOffset;
    runs.push_back(run);
  }
  return runs;
}

std::size_t DeliverSlots::find(Id producer) const {
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
  const bool next = run.offset == last_.offset + last_.count;
  const bool in_sequence = foreign || run.sequence == slots_.at(slot).next_sequence;
  const bool elsewhere = run.target != where;
  const bool follows = run.line == last_.line + 1;
  packed_.begin_record();
  packed_.byte(static_cast<std::uint8_t>(
      flag(next, kOffsetNext) | flag(in_sequence, kSequenceNext) | flag(run.at != kNoTime, kTime) |
      flag(!run.intact, kBroken) | flag(run.leader_epoch != last_.leader_epoch, kEpoch) |
      flag(run.within_producer != kNoId, kWithin) | flag(elsewhere, kElsewhere) | flag(follows, kLineFollows)));
  packed_.byte(fresh ? kFreshSlot : static_cast<std::uint8_t>(slot));
  if (fresh) packed_.number(run.producer);
  if (!next) packed_.difference(last_.offset, run.offset);
  packed_.number(static_cast<std::uint64_t>(run.count));
  if (!in_sequence) packed_.difference(slots_.at(slot).next_sequence, run.sequence);
  if (!follows) packed_.difference(last_.line, run.line);
  DeliverRun kept = run;
  if (run.at != kNoTime)
    packed_.difference(last_.at, run.at);
  else
    kept.at = last_.at;
  if (run.leader_epoch != last_.leader_epoch) packed_.difference(last_.leader_epoch, run.leader_epoch);
  if (run.within_producer != kNoId) {
    packed_.number(run.within_producer);
    packed_.difference(last_.within_transaction, run.within_transaction);
  } else {
    kept.within_transaction = last_.within_transaction;
  }
  if (elsewhere) {
    packed_.number(run.target.topic);
    packed_.number(static_cast<std::uint64_t>(run.target.partition));
  }
  if (!foreign) slots_.at(slot).next_sequence = run.sequence + run.count;
  last_ = kept;
}

bool DeliverStream::read(Unpacker& in, const Partition& where, DeliverRun& last, DeliverSlots& slots) {
  const std::uint8_t flags = in.byte();
  std::size_t slot = in.byte();
  const bool foreign = slot == kForeignSlot;
  if (slot == kFreshSlot) slot = slots.take(static_cast<Id>(in.number()));
  last.producer = foreign ? kNoId : slots.at(slot).producer;
  last.offset = (flags & kOffsetNext) != 0 ? last.offset + last.count : in.difference(last.offset);
  last.count = static_cast<std::int64_t>(in.number());
  if (foreign) {
    last.sequence = kNoOffset;
  } else {
    last.sequence =
        (flags & kSequenceNext) != 0 ? slots.at(slot).next_sequence : in.difference(slots.at(slot).next_sequence);
    slots.at(slot).next_sequence = last.sequence + last.count;
  }
  last.line = (flags & kLineFollows) != 0 ? last.line + 1 : in.difference(last.line);
  last.intact = (flags & kBroken) == 0;
  if ((flags & kTime) != 0) last.at = in.difference(last.at);
  if ((flags & kEpoch) != 0) last.leader_epoch = static_cast<std::int32_t>(in.difference(last.leader_epoch));
  last.within_producer = kNoId;
  if ((flags & kWithin) != 0) {
    last.within_producer = static_cast<Id>(in.number());
    last.within_transaction = in.difference(last.within_transaction);
  }
  last.target = where;
  if ((flags & kElsewhere) != 0) {
    last.target.topic = static_cast<Id>(in.number());
    last.target.partition = static_cast<std::int32_t>(in.number());
  }
  return (flags & kTime) != 0;
}

}  // namespace coordinator::judge
