// The parts of a scenario, read into what the plan holds: one .cpp each (topic_section, workload_section,
// phase_section, fault_step, waiver_section). All of them collect mistakes in the Reading and give what they could
// read. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/random.h"
#include "coordinator/scenario/plan.h"
#include "coordinator/scenario/section.h"

namespace coordinator::scenario {

common::protocol::TopicSpec read_topic(const Node& node, const ClusterFacts& cluster, Reading& reading);

// `count: 3` makes three of one section: writer-1, writer-2, writer-3; without it the name is the task's id.
std::vector<PlannedWorkload> read_workloads(const Node& node, const std::vector<common::protocol::TopicSpec>& topics,
                                            const ClusterFacts& cluster, std::uint64_t seed, Reading& reading);

// What steps may refer to.
struct Surroundings {
  const std::vector<common::protocol::TopicSpec>& topics;
  const std::vector<PlannedWorkload>& workloads;
  const ClusterFacts& cluster;  // loops go over its brokers
};

inline constexpr common::base::Nanos kLongestFault = 3600 * common::base::kSecond;

// A step that is a fault: its parameters stand beside its own fields, as its row of the catalogue names them.
FaultStep read_fault(Section& section, const Surroundings& around, Reading& reading);

// `before`: the phases read already; a fault is named once in a run.
PlannedPhase read_phase(const Node& node, const std::vector<PlannedPhase>& before, const Surroundings& around,
                        common::base::Random& random, Reading& reading);

Waiver read_waiver(const Node& node, Reading& reading);

// A target as FaultStep holds it; what is wrong with it is a mistake at `at`.
void check_target(const std::string& target, const Node& at, const Surroundings& around, Reading& reading);

// That some agent will do it: a fault that all of them refuse is a mistake at `at`.
void check_permission(const FaultStep& fault, const Node& at, const ClusterFacts& cluster, Reading& reading);

}  // namespace coordinator::scenario
