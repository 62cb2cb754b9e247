// Where a scenario comes from: a file, or the name of one that is shipped (harness/scenarios/NAME.yaml).
#pragma once

#include <string>

#include "common/base/result.h"

namespace cli {

struct ScenarioFile {
  std::string path;
  std::string text;
};

// NAME is looked for in $FIREDRILL_SCENARIOS, beside the executable (scenarios/, share/firedrill/scenarios), in the
// source tree that the executable was built in. An Error names the nearest name that there is.
common::base::Result<ScenarioFile> find_scenario(const std::string& file_or_name);

}  // namespace cli
