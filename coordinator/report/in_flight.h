// How many records were surely in flight while a partition changed its leader: sent, and not yet confirmed. A run of
// sends tells only its first moment, so its records count from the moment the next run began; a run of acks counts from
// its first moment: the number is a lower bound, and a run that is called valid was. Pure; memory grows with leader
// changes. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "coordinator/report/timeline.h"

namespace coordinator::report {

class InFlight {
 public:
  using Id = workloads::evidence::Id;
  using Partition = workloads::evidence::Partition;

  explicit InFlight(const std::vector<LeaderChange>& changes);  // in order of time

  // Calls of one producer and partition come in order of time.
  void sent(Id producer, Partition where, common::base::Nanos at, std::int64_t count);
  void ended(Partition where, common::base::Nanos at, std::int64_t count);  // acked or unknown

  // For each change: the most at one moment between the two observations.
  std::vector<std::int64_t> most() const;

 private:
  struct Window {
    common::base::Nanos begin = 0;
    common::base::Nanos end = 0;
    std::size_t change = 0;
    std::int64_t before = 0;  // steps that happened after the previous window began and not after this one did
    std::vector<std::pair<common::base::Nanos, std::int64_t>> steps;
  };
  struct Pending {
    std::int64_t count = 0;
  };
  void step(Partition where, common::base::Nanos at, std::int64_t by);

  std::size_t changes_;
  std::map<Partition, std::vector<Window>> windows_;
  std::map<std::pair<Id, Partition>, Pending> pending_;
};

}  // namespace coordinator::report
