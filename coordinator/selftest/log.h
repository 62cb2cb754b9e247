// What a recording's log and readers look like, for those who choose where to plant: pure questions. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/random.h"
#include "coordinator/selftest/recording.h"

namespace coordinator::selftest {

using workloads::evidence::Id;
using workloads::evidence::kNoId;
using workloads::evidence::kNoOffset;
using workloads::evidence::Partition;

// A record of ours as an audit found it.
struct Stored {
  Partition where;
  std::int64_t offset = 0;
  Id producer = kNoId;
  std::int64_t sequence = 0;
  bool transactional = false;
};

struct Reader {
  Id consumer = kNoId;
  Id group = kNoId;  // none: by hand
  bool audits = false;
  bool within = false;  // it processes what it reads in transactions: what is owed again is a matter of its own
  std::size_t file = 0;
};

std::vector<Partition> partitions_of(const Recording& recording);  // those that were audited
std::vector<Stored> log_of(const Recording& recording, Partition where);
std::int64_t end_of(const Recording& recording, Partition where);             // of the log, as audited
std::vector<Reader> readers_of(const Recording& recording, Partition where);  // who was handed something of it

// Index of the delivery of that offset in the reader's file; nullopt: it was not handed it.
std::optional<std::size_t> delivery(const Recording& recording, const Reader& reader, Partition where,
                                    std::int64_t offset);
// It was handed `from` and then `to`, with nothing of that partition between but commits.
bool reads_on(const Recording& recording, const Reader& reader, Partition where, std::int64_t from, std::int64_t to);

enum class Region { head, middle, tail, anywhere };
struct Wanted {
  std::size_t count = 1;  // neighbours: one producer, in sequence, at adjacent offsets
  Region region = Region::anywhere;
  std::optional<bool> transactional{};  // nullopt: either
};
// Some such stretch of some partition; empty if there is none.
std::vector<Stored> some_records(const Recording& recording, common::base::Random& random, const Wanted& wanted);

// One of them; nullopt if there is none.
template <typename T>
std::optional<T> one_of(const std::vector<T>& all, common::base::Random& random) {
  if (all.empty()) return std::nullopt;
  return all[random.below(all.size())];
}

}  // namespace coordinator::selftest
