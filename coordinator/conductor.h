// Conducts one run, on a thread of its own: topics, observer, consumers, producers, phases with faults, drain, audit,
// evidence, verdict. Every step is stored before it is taken and is idempotent, so that a conductor that is made again
// on the same directory after a kill continues. Every wait has a deadline, and the run as a whole has one. start(),
// abort(), suspend(), live() and wait() may be called from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/fault_spec.h"
#include "coordinator/changes.h"
#include "coordinator/fleet.h"
#include "coordinator/live_judge.h"
#include "coordinator/observation.h"
#include "coordinator/report/live_line.h"
#include "coordinator/report/report.h"
#include "coordinator/run_record.h"
#include "coordinator/run_tasks.h"
#include "coordinator/scenario/condition.h"
#include "coordinator/scenario/plan.h"

namespace coordinator {

struct ConductorTiming {
  SessionTiming session;
  std::chrono::milliseconds lease{10'000};  // of faults; renewed every third of it
  std::chrono::milliseconds ask{15'000};    // until an agent has answered a request
  std::chrono::milliseconds topics{45'000};
  std::chrono::milliseconds ready{45'000};            // consumers have their assignments
  std::chrono::milliseconds fresh{5'000};             // an observation that is newer than the question
  std::chrono::milliseconds fault_active{90'000};     // from asked to felt
  std::chrono::milliseconds fault_reverted{150'000};  // from its end to healed
  std::chrono::milliseconds healed{90'000};           // ISR whole again, before the audit
  std::chrono::milliseconds stop{30'000};             // of a task that was told to
  std::chrono::milliseconds evidence{60'000};  // until all of it is here; also how long a lost agent may stay away
  std::chrono::milliseconds slack{300'000};    // of the run as a whole
  std::chrono::milliseconds live_judge{500};   // between two looks at the evidence
};

class Conductor {
 public:
  struct Setup {
    RunDirectory directory;
    scenario::Plan plan;
    Fleet fleet;
    std::string bootstrap;
    common::protocol::Properties client;
    ConductorTiming timing;
    std::function<common::base::Result<report::Report>(const RunDirectory&)> judge;  // run_report.h
  };
  static common::base::Result<std::unique_ptr<Conductor>> create(Setup setup);
  ~Conductor();  // suspends
  Conductor(const Conductor&) = delete;
  Conductor& operator=(const Conductor&) = delete;

  void start();
  void abort();  // first: faults are reverted, then drain, audit and verdict; again: faults are reverted, nothing else
  void go(const std::string& hold);  // what `hold: NAME` waits for; remembered if it comes before
  void suspend();                    // faults are reverted, the rest stays as it is; a new conductor continues
  bool wait_for(std::chrono::milliseconds span) const;  // whether it has ended

  report::LiveState live() const;
  RunState state() const;                        // a copy as of the last step
  std::optional<report::Report> report() const;  // once it is done

 private:
  using Instant = std::chrono::steady_clock::time_point;
  using Predicate = std::function<bool()>;
  using Wanted = std::function<bool(const scenario::PlannedWorkload&)>;
  enum class Asked { nothing, abort, abort_now, suspend };
  enum class Waited { held, deadline, interrupted };
  // What may interrupt a wait: in the phases everything that ends them early, then only a person in a hurry, then
  // nothing.
  enum class Patience { phases, ending, unconditional };

  Conductor(Setup setup, std::unique_ptr<RunRecord> record);

  // conductor.cpp
  void run();
  void story();
  Waited wait(std::chrono::milliseconds span, Patience patience, const Predicate& predicate);
  bool interrupted(Patience patience) const;
  bool ending_at_once() const { return interrupted(Patience::ending); }
  void enter(const std::string& state);
  void publish();
  void watch_findings();

  // conductor_setup.cpp
  bool prepare();  // false: nothing can be run
  bool prepare_topics();
  bool start_observer();
  bool start_readers();
  bool start_senders();
  bool start_workloads(const Wanted& wanted, std::vector<std::string>& started);
  std::string workload_spec(const scenario::PlannedWorkload& workload) const;
  std::string main_agent() const { return setup_.fleet.agents().front().info.name; }

  // conductor_phases.cpp
  void run_phases();
  bool take(const scenario::Step& step);  // false: the phases end here
  bool take_hold(const scenario::HoldStep& step);
  bool take_gate(const scenario::GateStep& step);
  bool take_event(const scenario::EventStep& step);
  void refuse_event(const scenario::EventStep& step, const std::string& why);
  bool gate_holds(const scenario::Condition& condition);
  bool isr_holds(const scenario::Condition& condition, const Observation& seen) const;
  std::optional<Observation> fresh_observation(Nanos since);
  bool await_observation(Nanos since, Patience patience);
  std::optional<Nanos> on_our_clock(Nanos at_observer);  // at the earliest; nothing: not measured yet

  // conductor_faults.cpp
  bool take_fault(const scenario::FaultStep& step);
  struct BoundFault {
    std::string agent;
    std::int64_t node = -1;  // that is broken; -1: none alone
    common::protocol::FaultSpec spec;
  };
  common::base::Result<BoundFault> bind(const scenario::FaultStep& step);
  common::base::Result<BrokerOwner> bind_target(const scenario::FaultStep& step);
  common::base::Result<void> check_radius(const scenario::FaultStep& step, std::int64_t node);
  bool inject(const scenario::FaultStep& step, const BoundFault& bound);
  void refuse_fault(const scenario::FaultStep& step, const std::string& why);
  void adopt_fault(const scenario::FaultStep& step);
  void adopt_faults();  // of an earlier conductor
  void track_faults();
  void revert_faults();

  // conductor_end.cpp
  void drain();
  void drain_readers(const std::string& what, const Wanted& wanted);
  struct Reached {
    std::string topic;
    std::map<std::int64_t, std::int64_t> positions;  // by partition
  };
  using Readers = std::map<std::string, Reached>;  // by group, or task by hand
  Readers reached_by(const Wanted& wanted) const;
  std::optional<bool> at_the_end(const Readers& readers, Nanos since);
  bool observer_silent() const;
  void await_healed();
  void audit();
  void collect();
  void judge();
  void stop_tasks(const std::vector<std::string>& names, std::chrono::milliseconds span);
  void remove_topics();
  std::vector<std::string> tasks_of_kind(const std::string& kind) const;
  std::vector<std::string> workloads_that(const Wanted& wanted) const;
  bool nothing_is_missing() const;

  const Setup setup_;
  const std::string suffix_;  // of our topics and groups on the cluster (run_names.h)
  std::unique_ptr<RunRecord> record_;
  mutable Changes changes_;  // waiting for a change changes nothing
  std::unique_ptr<RunTasks> tasks_;
  std::string observer_;                               // task that observes now
  std::map<std::string, scenario::FaultStep> faults_;  // by task: asked and not ended
  struct FaultSeen {
    std::string state;
    Instant since;
  };
  std::map<std::string, FaultSeen> fault_seen_;     // by task, as it told last
  std::map<std::string, std::int64_t> broken_;      // by task: the node that the fault broke
  std::map<std::string, std::int64_t> min_insync_;  // by topic on the cluster, as that told
  std::unique_ptr<LiveJudge> live_judge_;
  std::string waiting_for_;
  std::size_t problems_known_ = 0;
  bool phases_over_ = false;
  Instant began_;
  Instant overall_deadline_;

  std::atomic<Asked> asked_{Asked::nothing};
  std::atomic<bool> ended_{false};

  mutable std::mutex mutex_;  // guards what other threads see
  report::LiveState live_;
  RunState seen_;
  std::optional<report::Report> report_;

  std::jthread thread_;
};

// The names by which the conductor knows its own tasks.
inline constexpr const char* kTopicsTask = "topics";
inline constexpr const char* kObserveTask = "observe";
inline constexpr const char* kRemoveTask = "remove-topics";

}  // namespace coordinator
