// The runs of one partition as the judge works on them, and the streams that keep them packed until then. A stream
// belongs to one actor and one partition and keeps its order. Not thread-safe; owned by the Store.
#pragma once

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

class SendStream {
 public:
  void add(const SendRun& run);
  std::vector<SendRun> all() const;
  std::size_t size() const { return packed_.records(); }

 private:
  Packed packed_;
  SendRun last_;
};

class AckStream {
 public:
  void add(const AckRun& run);
  std::vector<AckRun> all() const;
  std::size_t size() const { return packed_.records(); }

 private:
  Packed packed_;
  AckRun last_;
};

// Remembers where each producer's sequence stood, so that the next run of it costs a byte.
class DeliverSlots {
 public:
  struct Slot {
    Id producer = kNoId;
    std::int64_t next_sequence = 0;
  };
  static constexpr std::size_t kSlots = 48;
  std::size_t find(Id producer) const;  // kSlots if it has none
  std::size_t take(Id producer);        // gives it one, that of another if need be
  Slot& at(std::size_t slot) { return slots_[slot]; }

 private:
  std::vector<Slot> slots_;
  std::size_t next_ = 0;
};

class DeliverStream {
 public:
  void add(const DeliverRun& run, const Partition& where);
  template <typename F>
  void each(const Partition& where, F f) const;
  std::size_t size() const { return packed_.records(); }

 private:
  // False: the run tells no time (`last.at` stays that of the run before, from which the next one counts).
  static bool read(Unpacker& in, const Partition& where, DeliverRun& last, DeliverSlots& slots);
  Packed packed_;
  DeliverRun last_;
  DeliverSlots slots_;
};

template <typename F>
void DeliverStream::each(const Partition& where, F f) const {
  Unpacker in(packed_);
  DeliverRun last;
  DeliverSlots slots;
  while (in.begin_record()) {
    const bool timed = read(in, where, last, slots);
    DeliverRun run = last;
    if (!timed) run.at = kNoTime;
    if (run.within_producer == kNoId) run.within_transaction = kNoOffset;
    f(run);
  }
}

}  // namespace coordinator::judge
