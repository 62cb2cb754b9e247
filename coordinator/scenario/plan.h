// What a run will do, computed before anything is touched: pure, from scenario, parameters, the cluster's brokers and a
// seed. The same input gives the same plan on every machine; plan.json in the run's directory is this.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/protocol/fault_parameters.h"
#include "common/protocol/workload_specs.h"
#include "coordinator/scenario/expectation.h"

namespace coordinator::scenario {

struct PlannedWorkload {
  std::string task;   // "writer-1": id of the task
  std::string kind;   // produce, consume, transact
  std::string topic;  // that it sends to, or a consumer reads
  std::string group;  // of who reads as a member of one; else ""
  std::string spec;   // JSON of its workload_specs.h type, without `cluster`: the conductor knows where the cluster is
  std::string input = {};  // topic that a processor reads; else ""

  bool reads() const { return kind == "consume" || !input.empty(); }
  bool sends() const { return kind != "consume"; }
  bool processes() const { return reads() && sends(); }
  const std::string& topic_read() const { return kind == "consume" ? topic : input; }
};

struct WaitStep {
  common::base::Nanos duration = 0;
};
// Goes on when the condition (condition.h) holds: "isr == full", "lag == 0", "acked >= 1000". Missed: the run is
// inconclusive (or stuck, if it is recovery), and goes on to drain and audit.
struct GateStep {
  std::string condition;
  common::base::Nanos deadline = 0;
};
// Goes on when somebody says go (POST /v1/runs/{id}/go/NAME, or a file RUN_DIR/go-NAME): for what another tool does to
// the cluster while the run watches. Nobody said it in time: a missed gate.
struct HoldStep {
  std::string name;  // [A-Za-z0-9._-]+
  common::base::Nanos deadline = 0;
};
// Happens to the client of a task (common/protocol/task_event.h); goes on when it is over.
struct EventStep {
  std::string name;   // unique in the run: "restart-reader-1"
  std::string event;  // restart, leave, kill, pause
  std::string task;
  common::base::Nanos duration = 0;  // away, or standing still
};
struct FaultStep {
  std::string name;    // unique in the run: "kill-leader", "restart-broker-2"
  std::string kind;    // a row of the catalogue
  std::string target;  // "broker 2", "leader of orders-3", "controller", "coordinator of group g"; bound when injected;
                       // "": the cluster
  common::base::Nanos duration = 0;
  common::protocol::FaultWords parameters;
  bool background = false;  // do not wait until it is reverted
  // What the fault may do to the cluster beyond what a healthy one survives: "" nothing, "unavailable": partitions may
  // fall below min.insync.replicas; "data_loss": acked records may be lost. A fault that would exceed it is refused.
  std::string allow;
};
using Step = std::variant<WaitStep, GateStep, HoldStep, EventStep, FaultStep>;

struct PlannedPhase {
  std::string name;
  std::vector<Step> steps;
};

// A violation that the author accepts: told as waived, with this reason, and not held against the run.
struct Waiver {
  std::string finding;  // kind: "duplicated"
  std::string because;
};

struct Plan {
  std::string run;
  std::string scenario;
  std::string description;
  std::uint64_t seed = 0;
  std::map<std::string, std::string> parameters;  // as used
  std::vector<common::protocol::TopicSpec> topics;
  std::vector<PlannedWorkload> workloads;  // readers first: they are ready before the first send
  std::vector<PlannedPhase> phases;        // then, always: drain, audit
  common::base::Nanos drain_deadline = 0;  // producers told to stop .. consumers at the end of the log
  common::base::Nanos audit_deadline = 0;
  bool stop_on_violation = false;         // the phases end as soon as one is proved
  std::vector<Expectation> expectations;  // missed: exit 11
  std::vector<Expectation> validity;      // missed: inconclusive, exit 12
  std::vector<Waiver> waivers;
};

// A service that an agent declares, and what the agent is ready to do to it.
struct DeclaredService {
  std::int64_t node_id = -1;
  std::string agent;
  std::string cluster_id;           // that the agent was told; it breaks nothing else, and nothing if it is ""
  std::vector<std::string> faults;  // kinds that it allows
};

// What of the world decides whether a scenario can be run. What is not known is not checked.
struct ClusterFacts {
  std::vector<std::int64_t> brokers;  // node ids of declared services, ascending; an example if those are not known
  std::optional<std::vector<DeclaredService>> services = {};  // not known: in a dry run without agents
  // What the agents' client library says of a property of a workload of that kind, "" for every client.
  std::function<common::base::Result<void>(const std::string& kind, const std::string& name, const std::string& value)>
      check_property = {};
  // Told by the cluster itself, once it was asked.
  std::string cluster_id = {};
  std::optional<std::vector<std::int64_t>> running = {};  // brokers
};

// How long the steps may last in all, each at its deadline: what a global deadline is made of. An event lasts for as
// long as the client of its task may need to end and to come back.
common::base::Nanos longest(const Plan& plan);
common::base::Nanos longest(const Plan& plan, const Step& step);

std::vector<std::string> phase_names(const Plan& plan);                  // with those that always follow
std::vector<std::string> fault_names(const Plan& plan);                  // events among them: evidence has them as such
std::set<std::string> waived_kinds(const std::vector<Waiver>& waivers);  // of findings
Read<void> place(Expectation& expectation, const Plan& plan);

nlohmann::json to_json(const Plan& plan);
common::base::Result<Plan> plan_from(const nlohmann::json& json);

}  // namespace coordinator::scenario
