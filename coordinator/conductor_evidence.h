// The conductor's own evidence, conductor.fde: what the run is, its topics, planned faults, phases, clocks, and its
// End. One writer, the conducting thread. Reopened after a crash: what a predecessor wrote is known and not written
// twice, since a history must not declare a name twice.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "common/base/result.h"
#include "coordinator/clock_exchange.h"
#include "coordinator/run_directory.h"
#include "workloads/evidence/segment_writer.h"

namespace coordinator {

struct TopicFacts {
  std::string name;
  std::int64_t partitions = 1;
  std::int64_t replication_factor = 3;
  std::int64_t min_insync_replicas = 2;
  bool unclean_leader_election = false;
  bool compact = false;
};

class ConductorEvidence {
 public:
  static common::base::Result<ConductorEvidence> open(const std::string& path);

  void run(const std::string& run);
  void topic(const TopicFacts& facts);
  void phase(const std::string& name, Nanos at);
  void clock(const std::string& host, const ClockEstimate& estimate);
  void fault(const std::string& name, const std::string& kind, const std::string& target,
             workloads::evidence::FaultState state, Nanos at, const std::string& host, const std::string& proof);
  // On disk (fsync is left to end()): what was added survives a kill of this process.
  common::base::Result<void> flush();
  // Nothing is missing: nothing may be added afterwards.
  common::base::Result<void> end();
  bool ended() const { return ended_; }

 private:
  explicit ConductorEvidence(std::unique_ptr<workloads::evidence::SegmentWriter> writer) : writer_(std::move(writer)) {}
  void remember(const workloads::evidence::Event& event, const workloads::evidence::Names& names);
  void add(const workloads::evidence::Event& event);
  workloads::evidence::Id id(const std::string& text) { return writer_->names().intern(text); }

  std::unique_ptr<workloads::evidence::SegmentWriter> writer_;
  bool started_ = false;
  bool ended_ = false;
  std::set<std::string> known_;  // topics, phases and states of faults that are written
};

}  // namespace coordinator
