// The runs of one partition as the judge works on them, and the streams that keep them packed until then. A stream
// belongs to one actor and one partition and keeps its order. Not thread-safe; owned by the Store.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "coordinator/judge/packed.h"
#include "workloads/evidence/event.h"

namespace coordinator::judge {

using workloads::evidence::CommitState;
using workloads::evidence::Id;
using workloads::evidence::kNoEpoch;
using workloads::evidence::kNoId;
using workloads::evidence::kNoOffset;
using workloads::evidence::kNoTime;
using workloads::evidence::Partition;

struct SendRun {
  std::int64_t sequence = 0, count = 1, at = kNoTime;
  std::int64_t transaction = kNoOffset;
  Id key = kNoId;
  std::int64_t line = 0;
};
struct AckRun {
  std::int64_t sequence = 0, count = 1, offset = kNoOffset, at = kNoTime, line = 0;
};
struct OutcomeRun {  // a refuse or an unknown line
  std::int64_t sequence = 0, count = 1, line = 0;
  bool refused = false;
};
struct DeliverRun {
  std::int64_t offset = 0, count = 1, sequence = kNoOffset, at = kNoTime, line = 0;
  Id producer = kNoId;
  Partition target;
  std::int32_t leader_epoch = kNoEpoch;
  Id within_producer = kNoId;
  std::int64_t within_transaction = kNoOffset;
  bool intact = true;
};
// What else a consumer did on the partition.
struct ControlRun {
  enum class What : std::uint8_t { assign, revoke, seek, commit };
  What what = What::assign;
  CommitState state = CommitState::asked;
  std::int64_t offset = kNoOffset;  // position, target of the seek, committed offset
  std::int64_t at = kNoTime, line = 0;
};

// What one producer sent and had confirmed, in its order.
class alignas(64) ProducerStream {
 public:
  void add(const SendRun& run);
  void add(const AckRun& run);
  // on_send(SendRun), on_ack(AckRun)
  template <typename OnSend, typename OnAck>
  void each(OnSend on_send, OnAck on_ack) const;
  std::size_t sends() const { return sends_; }
  std::size_t acks() const { return packed_.records() - sends_; }

 private:
  // What the next record counts from.
  struct Last {
    std::int64_t next_sent = 0, next_acked = 0, next_offset = 0, count = 1, at = 0, line = 0, transaction = 0;
  };
  static bool is_send(std::uint8_t flags);
  static SendRun read_send(Unpacker& in, std::uint8_t flags, Last& last);
  static AckRun read_ack(Unpacker& in, std::uint8_t flags, Last& last);

  // What each line touches stands together: there are thousands of streams.
  Last last_;
  std::size_t sends_ = 0;
  Packed packed_;
};

// Remembers where each producer's sequence stood, so that the next run of it costs a byte.
class DeliverSlots {
 public:
  struct Slot {
    Id producer = kNoId;
    std::int64_t next_sequence = 0;
  };
  static constexpr std::size_t kSlots = 48;
  std::size_t find(Id producer) {  // kSlots if it has none
    std::uint8_t& hint = hints_[producer % kSlots];
    if (hint < slots_.size() && slots_[hint].producer == producer) return hint;
    const std::size_t slot = search(producer);
    if (slot < kSlots) hint = static_cast<std::uint8_t>(slot);
    return slot;
  }
  std::size_t take(Id producer);  // gives it one, that of another if need be
  Slot& at(std::size_t slot) { return slots_[slot]; }

 private:
  std::size_t search(Id producer) const;
  std::vector<Slot> slots_;
  std::array<std::uint8_t, kSlots> hints_{};
  std::size_t next_ = 0;
};

class DeliverStream {
 public:
  void add(const DeliverRun& run, const Partition& where);
  template <typename F>
  void each(const Partition& where, F f) const;
  std::size_t size() const { return packed_.records(); }

 private:
  // What the next record counts from.
  struct Last {
    std::int64_t next_offset = 0, at = 0, line = 0, transaction = 0;
    std::int32_t leader_epoch = kNoEpoch;
  };
  static DeliverRun read(Unpacker& in, const Partition& where, Last& last, DeliverSlots& slots);
  static void read_odd(Unpacker& in, std::uint8_t flags, DeliverRun& run, Last& last, DeliverSlots& slots);
  Packed packed_;
  Last last_;
  DeliverSlots slots_;
};

template <typename OnSend, typename OnAck>
void ProducerStream::each(OnSend on_send, OnAck on_ack) const {
  Unpacker in(packed_);
  Last last;
  while (in.begin_record()) {
    const std::uint8_t flags = in.byte();
    if (is_send(flags)) {
      on_send(read_send(in, flags, last));
    } else {
      on_ack(read_ack(in, flags, last));
    }
  }
}

template <typename F>
void DeliverStream::each(const Partition& where, F f) const {
  Unpacker in(packed_);
  Last last;
  DeliverSlots slots;
  while (in.begin_record()) f(read(in, where, last, slots));
}

}  // namespace coordinator::judge
