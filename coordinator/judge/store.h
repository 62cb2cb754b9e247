// Everything that was added, by partition and actor, packed (runs.h), with what belongs to no partition beside it. The
// Judge fills it; the properties read it. Not thread-safe while it is filled; read-only afterwards.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "coordinator/judge/clocks.h"
#include "coordinator/judge/runs.h"
#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace coordinator::judge {

// Neighbours, told line after line, of neighbours.
struct InputRun {
  std::int64_t sequence = 0;
  Partition of;
  std::int64_t of_offset = 0;
  std::int64_t line = 0;
  std::int64_t count = 1;
};
struct AuditLine {
  std::int64_t start = 0, end = 0, line = 0;
};
struct SampleLine {
  Stamp when;
  std::int64_t log_start = kNoOffset, end = kNoOffset;
  std::int32_t leader_epoch = kNoEpoch;
  std::int64_t line = 0;
};
// A delivery elsewhere of what was sent to this partition.
struct Stray {
  Id consumer = kNoId;
  Partition read_from;
  DeliverRun run;
};

struct ProducerFacts {
  Id producer = kNoId;
  ProducerStream told;  // what it sent and what was acked
  std::vector<OutcomeRun> outcomes;
  std::vector<InputRun> inputs;
  bool transactional = false;  // some send stands in a transaction
};
struct ConsumerFacts {
  Id consumer = kNoId;
  DeliverStream deliveries;
  std::vector<ControlRun> controls;
  std::vector<AuditLine> audits;
};
struct PartitionFacts {
  Partition where;
  std::deque<ProducerFacts> producers;  // deques: they are pointed to (RecentFacts)
  std::deque<ConsumerFacts> consumers;
  std::vector<SampleLine> samples;
  std::vector<Stray> strays;
  std::uint64_t version = 0;     // rises with whatever is added to it
  bool within = false;           // some delivery stands within a transaction
  bool reads_elsewhere = false;  // some delivery says that it was sent to another partition
};

struct TransactionFacts {
  Id producer = kNoId;
  std::int64_t number = 0;
  bool commit_asked = false, committed = false, aborted = false;
  std::int64_t asked_at = kNoTime;  // the earliest that was told
  std::int64_t aborted_at = kNoTime;
  std::int64_t asked_line = 0, end_line = 0;
};
struct FaultFacts {
  Id kind = kNoId;
  bool active = false, reverted = false;
  Stamp active_at, reverted_at;  // the earliest, the latest
};

// Where the lines of an actor on a partition go: looked up once for each line, so a few cache lines and not a hash
// table's. A pair that is not found, or another one in its place, is looked up the long way.
class RecentFacts {
 public:
  struct Entry {
    std::uint64_t actor = UINT64_MAX;
    Partition where;
    PartitionFacts* partition = nullptr;
    void* facts = nullptr;  // ProducerFacts or ConsumerFacts, as the actor says
  };
  Entry& at(std::uint64_t actor, const Partition& where) {
    constexpr std::uint64_t kSpread = 613;  // neighbouring partitions of neighbouring actors lie apart
    const std::uint64_t place = actor * kSpread + static_cast<std::uint32_t>(where.partition) + where.topic * 7919ULL;
    return entries_[place & (entries_.size() - 1)];
  }
  void make_room(std::size_t pairs) {
    if (pairs * 2 > entries_.size() && entries_.size() < kMost) entries_.assign(entries_.size() * 4, {});
  }

 private:
  static constexpr std::size_t kMost = 1 << 16;
  std::vector<Entry> entries_ = std::vector<Entry>(64);
};

struct Store {
  explicit Store(const workloads::evidence::Names& all_names) : names(all_names) {}

  void add(const workloads::evidence::Event& event, std::int64_t line);

  const workloads::evidence::ProducerInfo* producer(Id id) const;  // null: a stranger
  const workloads::evidence::ConsumerInfo& consumer(Id id) const;
  const workloads::evidence::TopicInfo& topic(Id id) const;  // strict values if it was never declared
  bool declared_topic(Id id) const { return topics_.contains(id); }
  const PartitionFacts* partition(const Partition& where) const;
  std::int32_t transaction(Id producer, std::int64_t number) const;  // its index, -1 if nobody spoke of it
  Stamp producer_stamp(Id producer, std::int64_t at) const;
  Stamp consumer_stamp(Id consumer, std::int64_t at) const;

  const workloads::evidence::Names& names;
  Clocks clocks;
  std::vector<std::unique_ptr<PartitionFacts>> partitions;
  std::vector<TransactionFacts> transactions;
  std::map<Id, FaultFacts> faults;
  // The last line in which a consumer was delivered something within a transaction, in whichever partition.
  std::int64_t last_line_within(Id consumer, Id producer, std::int64_t transaction) const;
  bool ended = false;
  bool loses_replicas =
      false;  // a fault that destroys what a replica had was active; a killed process loses no acked data

  // Rise with what is of no one partition: declarations, clocks, faults, the end; and with what is told of
  // transactions.
  std::uint64_t common_version = 0, transactions_version = 0;

  struct Filling;  // the visitor of add()

 private:
  PartitionFacts& partition_for(const Partition& where);
  ProducerFacts& producer_for(Id producer, const Partition& where);
  ConsumerFacts& consumer_for(Id consumer, const Partition& where);
  TransactionFacts& transaction_for(Id producer, std::int64_t number);

  struct PairHash {
    std::size_t operator()(const std::pair<std::uint64_t, std::uint64_t>& key) const {
      std::uint64_t h = (key.first * 0x9e3779b97f4a7c15ULL) ^ (key.second + 0x7f4a7c15ULL);
      h = (h ^ (h >> 29)) * 0xbf58476d1ce4e5b9ULL;
      return static_cast<std::size_t>(h ^ (h >> 32));
    }
  };
  using Index = std::unordered_map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t, PairHash>;
  std::unordered_map<Id, workloads::evidence::ProducerInfo> producers_;
  std::unordered_map<Id, workloads::evidence::ConsumerInfo> consumers_;
  std::unordered_map<Id, workloads::evidence::TopicInfo> topics_;
  std::unordered_map<std::pair<std::uint64_t, std::uint64_t>, std::int64_t, PairHash>
      last_within_;  // consumer and producer, transaction
  RecentFacts recent_;
  Index partition_index_, producer_index_, consumer_index_, transaction_index_;
};

}  // namespace coordinator::judge
