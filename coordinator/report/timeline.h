// The first of two passes over a run's evidence: what happened to the cluster when (phases, faults, leaders, ISR,
// controller), whose clock is whose, and which consumers are audits. Pure; ids are of the run's Names. One thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/report/clock_map.h"
#include "coordinator/report/measurements.h"
#include "coordinator/report/observed.h"
#include "workloads/evidence/names.h"

namespace coordinator::report {

struct PhaseSpan {
  std::string name;
  common::base::Nanos begin = 0;
  common::base::Nanos end = 0;
};

// Seen between two observations: the old leader at `before`, the new one at `at`.
struct LeaderChange {
  workloads::evidence::Partition where;
  common::base::Nanos before = 0;
  common::base::Nanos at = 0;
};

struct IsrSpan {  // an ISR that was seen incomplete
  workloads::evidence::Partition where;
  common::base::Nanos begin = 0;
  Moment end;                // seen complete again
  std::int64_t shrinks = 0;  // replicas that fell out within it
};

class Timeline {
 public:
  using Partition = workloads::evidence::Partition;

  explicit Timeline(const workloads::evidence::Names& names) : names_(names) {}

  void add(const workloads::evidence::Event& event);
  void finish();  // every event was added

  ClockMap clocks;
  std::vector<PhaseSpan> phases;      // as they began
  std::vector<FaultMeasured> faults;  // as they were injected; only what Fault events tell, and window_end
  std::vector<LeaderChange> leader_changes;
  std::map<Partition, std::vector<std::pair<common::base::Nanos, std::int32_t>>> leaders;  // whenever another was seen
  std::vector<IsrSpan> isr_spans;
  std::vector<common::base::Nanos> isr_shrinks;
  std::vector<common::base::Nanos> controller_changes;
  std::vector<common::base::Nanos> elections;  // leader changes, and leaders that came back where there was none
  std::set<workloads::evidence::Id> fault_hosts;
  Observed cluster;                                                     // leaders and ISR: when they were told ..
  Observed controller;                                                  // .. and when the active controller was
  std::map<workloads::evidence::Id, workloads::evidence::Id> group_of;  // of consumers; kNoId: by hand
  std::set<workloads::evidence::Id> producers;
  std::set<workloads::evidence::Id> auditors;
  std::map<Partition, std::int64_t> audited;  // from which offset
  common::base::Nanos begin = 0;
  common::base::Nanos end = 0;  // of all times seen
  bool transactions = false;

  // Of a number over time: the observer's, whose samples stand beside it.
  common::base::Nanos time_of(const workloads::evidence::Gauge& gauge) const {
    return clocks.on_host(observer_host_, gauge.at);
  }
  workloads::evidence::Id observer_host() const { return observer_host_; }
  // Whose times are held against each other: of producers, readers, the observer and who injected the faults.
  std::set<workloads::evidence::Id> hosts() const;
  // As last seen by `at`; -1: never seen.
  std::int32_t leader_at(Partition where, common::base::Nanos at) const;
  // Index into `phases`, or -1 before the first.
  int phase_at(common::base::Nanos at) const;
  // When producers were told to stop: `end` if there is no phase `drain`.
  common::base::Nanos production_end() const;

 private:
  void add(const workloads::evidence::Sample& sample);
  void add(const workloads::evidence::Fault& fault);
  void add(const workloads::evidence::Gauge& gauge);
  void seen(common::base::Nanos at);

  struct Watched {
    std::int32_t leader = -1;  // the last one that was told
    common::base::Nanos leader_at = 0;
    std::size_t isr = 0;
    std::size_t largest_isr = 0;
    bool leaderless = false;  // told to have none, after it had one
    bool isr_short = false;
    std::size_t isr_span = 0;  // the open one, if isr_short
  };
  const workloads::evidence::Names& names_;
  std::map<Partition, Watched> watched_;
  std::map<workloads::evidence::Id, std::size_t> replicas_;  // by topic
  std::map<std::string, std::size_t> fault_index_;
  std::int64_t controller_ = -1;
  workloads::evidence::Id observer_host_ = workloads::evidence::kNoId;
  bool begun_ = false;
};

}  // namespace coordinator::report
