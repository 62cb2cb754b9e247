// One partition, unpacked and related: what each producer sent there and what became of it, what each reader was handed
// and passed, and what the log holds according to both. Built for one partition at a time, so that memory follows the
// largest partition and not the run. Read-only for the properties, but for `gone`, `wrong_acks` and the like, which
// earlier properties settle for later ones (the order stands in partition_case.cpp).
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/judge/count.h"
#include "coordinator/judge/interval_set.h"
#include "coordinator/judge/runs.h"
#include "coordinator/judge/store.h"
#include "coordinator/judge/transactions.h"

namespace coordinator::judge {

enum class Outcome : std::uint8_t { unknown, acked, refused, aborted };

// Ids of one source with equal fate. Sequences without any line have no piece.
struct Piece {
  std::int64_t sequence = 0, count = 0;
  std::int64_t offset = kNoOffset;  // of the first, as acked; kNoOffset: not told, or the ack does not count
  std::int32_t transaction = -1;
  std::int32_t send = -1, ack = -1;  // the lines, in the source's vectors
  Outcome outcome = Outcome::unknown;
  bool answered = false;  // an outcome, or (but with holes) the end of its transaction, was told: no other one follows
  std::int64_t end() const { return sequence + count; }
};

// Ids of one piece that stand at the same places: atom.places offsets from source.place_offsets[atom.place], ascending.
struct Atom {
  std::int64_t sequence = 0, count = 0;
  std::int32_t piece = 0;
  std::int32_t place = 0, places = 0;
};

// count ids of one source from `sequence` stand from `offset` on.
struct LogRun {
  std::int64_t offset = 0, count = 0, sequence = 0;
  std::int32_t source = 0;
  std::int64_t end() const { return offset + count; }
  bool continues(const LogRun& other) const {  // the same ids at the same places, however cut
    return source == other.source && sequence - offset == other.sequence - other.offset;
  }
};
inline constexpr std::int32_t kForeign = -1;  // the source of records that are none of ours

// The ids of one producer for one target partition.
struct Source {
  Id producer = kNoId;
  Partition target;
  bool here = true;  // target is this partition
  bool may_be_lost = false;
  bool idempotent = true;
  bool keeps_order = true;     // idempotent, or one request in flight
  std::vector<SendRun> sends;  // these three by sequence, each id at most once
  std::vector<AckRun> acks;
  std::vector<OutcomeRun> refusals, unknowns;
  std::vector<Piece> pieces;
  std::vector<Atom> atoms;
  std::vector<std::int64_t> place_offsets;
  IntervalSet elsewhere;    // sequences that were delivered from another partition
  Count copies_elsewhere;   // places of them, each counted for each id
  IntervalSet wrong_acks;   // sequences whose ack told a wrong offset
  IntervalSet gone;         // sequences that are lost, vanished, or lacking in an audit
  bool has_copies = false;  // some id stands at two places
  IntervalSet early;        // sequences delivered before they were sent: phantoms, but their messages exist

  // Its producer has told nothing so far of this one or any later one.
  bool is_beyond(std::int64_t at) const { return pieces.empty() || pieces.back().end() <= at; }
  const Piece* piece_of(std::int64_t sequence) const;  // null: no line speaks of it
  const Atom* atom_of(std::int64_t sequence) const;
  std::int64_t send_line(const Piece& piece) const { return piece.send < 0 ? 0 : sends[piece.send].line; }
  std::int64_t ack_line(const Piece& piece) const { return piece.ack < 0 ? 0 : acks[piece.ack].line; }
};

struct Delivery {
  std::int64_t offset = 0, count = 1, sequence = kNoOffset, at = kNoTime, line = 0;
  std::int64_t within_transaction = kNoOffset;
  Id within_producer = kNoId;
  std::int32_t source = kForeign;
  std::int32_t ownership = 0;
  std::int32_t stretch = 0;  // rises with every ownership, seek and step back
  std::int32_t leader_epoch = kNoEpoch;
  bool intact = true;
  TransactionEnd within_end = TransactionEnd::none;
  std::int64_t end() const { return offset + count; }
};

struct Ownership {
  std::int32_t reader = 0;
  bool assigned = false;      // by an `assign` line
  bool sought_first = false;  // a seek stood before its first delivery
  std::int64_t begin_line = 0;
  std::int64_t first_seek_line = INT64_MAX;
  Stamp begin;
  std::int64_t start = kNoOffset;           // position given, else the first delivery
  std::int64_t given = kNoOffset;           // the position given, or a lower one given again before the first delivery
  std::int64_t first_delivery = kNoOffset;  // its offset
  std::int32_t deliveries_from = 0, deliveries_to = 0;
};

struct CommitFact {
  std::int64_t offset = 0;
  CommitState state = CommitState::asked;  // the answer, if there is one
  std::int32_t ownership = -1;
  std::int64_t line = 0, at = kNoTime;              // of the answer, else of the asking
  std::int64_t asked_line = 0, asked_at = kNoTime;  // of the asking, else of the answer
  bool answered = false;                            // superseded by its answer
  std::int64_t farthest = kNoOffset;                // the farthest seek or position given again, up to the line
};

struct SeekFact {
  std::int64_t line = 0, offset = 0;
};

struct Reader {
  Id consumer = kNoId;
  Id group = kNoId;
  bool committed_only = true;  // isolation
  bool latest = false;         // reset
  bool audits = false;
  std::int64_t audit_start = 0, audit_end = 0, audit_line = 0;
  std::uint64_t clock = 0;
  std::vector<Delivery> deliveries;
  std::vector<Ownership> ownerships;
  std::vector<CommitFact> commits;
  std::vector<SeekFact> seeks;
  IntervalSet passed;   // offsets
  IntervalSet corrupt;  // offsets at which it was handed something broken
  bool has_within = false;
  Stamp stamp(const Delivery& delivery) const { return {clock, delivery.at}; }
};

struct View {
  Partition where;
  const PartitionFacts* facts = nullptr;
  const workloads::evidence::TopicInfo* topic = nullptr;
  std::vector<Source> sources;
  std::vector<Reader> readers;
  std::vector<LogRun> log;            // of all readers, by offset; two runs overlap only where readers saw two ids
  std::vector<LogRun> committed_log;  // of read_committed readers
  IntervalSet passed;                 // by anybody
  IntervalSet corrupt;                // offsets at which anybody was handed something broken
  IntervalSet conflicts;              // offsets with two claims
  IntervalSet gone;                   // offsets at which something gone once stood
  IntervalSet lost;                   // of these, what is lost or vanished
  std::int64_t log_start = 0;         // the highest that was told; what lies below it is excused
  std::int64_t lowest_log_start = 0;  // the lowest that was told, else 0
  bool audited = false;
  std::int64_t audit_start = 0, audit_line = 0;  // of the audit that starts lowest

  Stamp send_stamp(const Store& store, const Source& source, const Piece& piece) const;
  Stamp ack_stamp(const Store& store, const Source& source, const Piece& piece) const;
};

}  // namespace coordinator::judge
