// How parse_scenario() and make_plan() share the reading of everything but the parameters. Of this folder only.
#pragma once

#include "coordinator/scenario/scenario.h"
#include "coordinator/scenario/section.h"

namespace coordinator::scenario {

// reading.values holds the parameters; what is wrong is in reading.mistakes afterwards.
Plan read_plan(const Scenario& scenario, const ClusterFacts& cluster, const std::string& run, std::uint64_t seed,
               Reading& reading);

}  // namespace coordinator::scenario
