// The second pass over a run's evidence: what clients felt, per phase and per fault. Wants a finished Timeline of the
// same evidence. Memory grows with phases, partitions, silences and leader changes, not with messages. Pure; one
// thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/report/in_flight.h"
#include "coordinator/report/levels.h"
#include "coordinator/report/open_transactions.h"
#include "coordinator/report/series.h"
#include "coordinator/report/stalls.h"
#include "coordinator/report/timeline.h"
#include "coordinator/report/windows.h"

namespace coordinator::report {

class Measure {
 public:
  Measure(const workloads::evidence::Names& names, const Timeline& timeline);

  void add(const workloads::evidence::Event& event);
  Measurements result();  // every event was added; call once

 private:
  using Id = workloads::evidence::Id;
  using Partition = workloads::evidence::Partition;

  void add(const workloads::evidence::Send& send);
  void add(const workloads::evidence::Ack& ack);
  void add(const workloads::evidence::Unknown& unknown);
  void add(const workloads::evidence::Refuse& refuse);
  void add(const workloads::evidence::Deliver& deliver);
  void add(const workloads::evidence::Latency& latency);
  void add(const workloads::evidence::Gauge& gauge);
  void add_lag(const workloads::evidence::Gauge& gauge);

  // The run's totals, and those of the phase and the faults at that time.
  template <typename Change>
  void count(common::base::Nanos at, Change change);
  Stream& stream(Id producer, Partition where);
  void error_seen(bool producer, Partition where, std::string_view text, common::base::Nanos at);
  void demand(Partition where, common::base::Nanos at);

  void count_cluster_changes();
  void attribute_stalls();
  void fill_milestones();
  void fill_levels();
  void fill_lag(std::size_t fault, PartitionMilestones& milestones) const;

  const workloads::evidence::Names& names_;
  const Timeline& timeline_;
  Measurements result_;
  StallFinder producer_stalls_;
  StallFinder consumer_stalls_;
  OpenTransactions open_transactions_;
  std::set<std::string> uncommitted_;  // readers that open transactions hide nothing from
  InFlight in_flight_;
  std::map<Partition, StallFinder::Demand> demand_;
  std::map<Id, std::string> readers_;
  std::map<std::pair<Partition, Id>, Stream> streams_;
  struct FirstErrors {
    std::map<Partition, common::base::Nanos> producers, consumers;
  };
  std::vector<FirstErrors> first_errors_;  // by fault

  Windows windows_;  // of phases, then of faults
  SeriesRecorder series_;
  LevelRecorder lag_level_;
  Largest largest_lag_;

  struct Lag {
    std::int64_t last = -1;
    std::int64_t highest_before = 0;
    std::vector<Moment> high;  // by fault
    std::vector<Moment> normal;
  };
  std::map<std::pair<Id, Partition>, Lag> lags_;
};

template <typename Change>
void Measure::count(common::base::Nanos at, Change change) {
  change(result_.run);
  const std::size_t phases = result_.phases.size();
  for (const std::size_t window : windows_.at(at))
    change(window < phases ? result_.phases[window] : result_.faults[window - phases].during);
}

}  // namespace coordinator::report
