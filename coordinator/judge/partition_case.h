// The case of one partition: the view of it, where the accusations go, and the promises that decide how severe a
// finding is. Every property is a free function of it, in a file of its own; partition_case.cpp calls them in their
// order.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/judge/accusations.h"
#include "coordinator/judge/ledger.h"
#include "coordinator/judge/logs.h"
#include "coordinator/judge/promises.h"
#include "coordinator/judge/result.h"
#include "coordinator/judge/store.h"
#include "coordinator/judge/transactions.h"
#include "coordinator/judge/view.h"
#include "coordinator/judge/witnesses.h"

namespace coordinator::judge {

// Committed records of one transaction that say from which inputs they were made: neighbours, told line after line, of
// neighbours.
struct OutputFact {
  Partition input;
  std::int64_t input_offset = 0;
  Id producer = kNoId;
  std::int64_t sequence = 0;
  std::int32_t transaction = 0;
  std::int64_t line = 0;
  std::int64_t count = 1;
};
// Within `reader`, a record that `writer` wrote was delivered.
struct ReadEdge {
  std::int32_t reader = 0, writer = 0;
  std::int64_t line = 0;
  auto operator<=>(const ReadEdge&) const = default;
};

// What a case draws on and what it comes to. One for each partition, and one for what reaches over partitions.
struct RunCase {
  const Store& store;
  const std::vector<TransactionState>& transactions;
  bool so_far = false;  // more evidence may come
  Accusations out;
  Books books;
  std::vector<Imbalance> imbalances;
  std::vector<OutputFact> outputs;
  std::vector<ReadEdge> reads;
  bool holes = false;  // lines may be missing anywhere
};

// A record that some reader may be held to: it surely is, or was, in the log at `run`.
struct KnownRun {
  LogRun run;
  bool delivered = true;  // else only acked
};

struct PartitionCase {
  RunCase& run;
  View view;
  std::vector<Unexplained> unexplained;
  std::vector<std::vector<IntervalSet>> skipped_by;  // by reader, by source: sequences it skipped
  std::vector<KnownRun> known;  // by offset; without what is gone, in conflict, excused or perhaps replaced

  Witnesses witnesses;

  const Source& source(std::int32_t index) const { return view.sources[index]; }
  Severity loss(const Source& source) const { return source.may_be_lost ? Severity::allowed : Severity::violation; }
};

// Judges the partition and adds to run.out and run.books.
void judge_partition(RunCase& run, const PartitionFacts& facts, std::vector<std::int32_t>& source_of_producer);
// What the partition proves about transactions; `told` only says which there are.
std::vector<TransactionProof> prove_transactions(const Store& store, const std::vector<TransactionState>& told,
                                                 const PartitionFacts& facts,
                                                 std::vector<std::int32_t>& source_of_producer);

// By the topic alone: what a producer with acks=all would be promised.
Configuration configuration_of(const RunCase& run, const workloads::evidence::TopicInfo& topic);
// Severity of a missing end: by the topic alone.
bool topic_may_lose(const RunCase& run, const workloads::evidence::TopicInfo& topic);

// One file per property, each opening with its definition.
void find_missing(PartitionCase& c);  // lost, unread, torn-transaction; books of what is absent
void find_copies(PartitionCase& c);   // duplicated, wrong-ack-offset
void find_offset_conflicts(PartitionCase& c);
void find_vanished(PartitionCase& c);
void find_skipped(PartitionCase& c);  // fills skipped_by
void find_unprocessed(PartitionCase& c);
void find_reordered(PartitionCase& c);
void find_realtime_reordered(PartitionCase& c);
void find_rewound(PartitionCase& c);
void find_group_anomalies(PartitionCase& c);  // redelivered, resume-mismatch, double-owner
void find_commit_ahead(PartitionCase& c);
void find_phantoms(PartitionCase& c);
void find_corrupt(PartitionCase& c);
void find_misrouted(PartitionCase& c);
void find_transaction_reads(PartitionCase& c);  // aborted-read, uncommitted-read, edges of read-cycle
void find_epoch_regressed(PartitionCase& c);
void find_end_regressed(PartitionCase& c);
void collect_outputs(PartitionCase& c);

// Of the run.
void find_processed_twice(RunCase& run);
void find_read_cycles(RunCase& run);

}  // namespace coordinator::judge
