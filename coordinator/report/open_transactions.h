// How long transactions kept read_committed readers of a partition from what lies behind their first record: from that
// record to their end. One whose producer never learned how it ended is over when the next producer of its
// transactional id begins. Fed with the events of the run, each producer's in order; only spans that can matter are
// kept. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/report/clock_map.h"

namespace coordinator::report {

class OpenTransactions {
 public:
  using Id = workloads::evidence::Id;
  using Partition = workloads::evidence::Partition;

  explicit OpenTransactions(const ClockMap& clocks) : clocks_(clocks) {}
  void add(const workloads::evidence::Event& event);

  // The longest part of [begin, end] in which no transaction stood open there.
  common::base::Nanos longest_free(Partition where, common::base::Nanos begin, common::base::Nanos end) const;

 private:
  struct Open {
    Id producer = workloads::evidence::kNoId;
    std::int64_t number = 0;
    std::map<Partition, common::base::Nanos> since;
    bool ended = true;
  };
  void end(Open& open, common::base::Nanos at);

  const ClockMap& clocks_;
  std::map<Id, Id> ids_;     // transactional, by producer
  std::map<Id, Open> open_;  // by transactional id: it has one at a time
  std::map<Partition, std::vector<std::pair<common::base::Nanos, common::base::Nanos>>> spans_;
};

}  // namespace coordinator::report
