// A scenario as it was written: YAML (of which JSON is a part), read strictly. What a scenario means is decided by
// make_plan(), which is pure: the same scenario, parameters, brokers, run id and seed give the same plan everywhere.
// Mistakes are all told at once, one a line, each as FILE:LINE:COLUMN with the nearest right name. Docs:
// docs/scenarios.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "coordinator/scenario/document.h"
#include "coordinator/scenario/plan.h"

namespace coordinator::scenario {

using ParameterValues = std::map<std::string, std::string>;

struct Parameter {
  std::string name;
  std::string value;                // the default
  std::vector<std::string> one_of;  // empty: anything
  std::string about;
};

struct Scenario {
  std::string file;  // as named in messages
  std::string name;
  std::string description;
  std::vector<Parameter> parameters;
  Node document;
};

// Checks everything that does not depend on the cluster, with the parameters' defaults.
common::base::Result<Scenario> parse_scenario(std::string_view text, const std::string& file);
common::base::Result<Scenario> load_scenario(const std::string& path);  // reads the file, at most 1 MiB

// `set` replaces defaults; a name that the scenario does not declare is a mistake. Beside them ${run} (the run's id)
// and
// ${brokers} (how many there are) can be used everywhere.
common::base::Result<Plan> make_plan(const Scenario& scenario, const ParameterValues& set, const ClusterFacts& cluster,
                                     const std::string& run, std::uint64_t seed);

}  // namespace coordinator::scenario
