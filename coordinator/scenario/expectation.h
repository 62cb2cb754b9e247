// An expectation: a threshold on something that the run measured. One small expression:
//   METRIC OP VALUE[UNIT] [during PHASE]
// e.g. `lost == 0`, `leader_changes >= 1 during fault`, `max(producer_unavailability) < 8s during fault`,
// `p99(end_to_end) < 200ms during steady`, `success_rate >= 0.99`. Values with a time unit are ns inside.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace coordinator::scenario {

enum class Comparison { equal, not_equal, less, at_most, more, at_least };

struct Expectation {
  std::string text;    // as written
  std::string metric;  // "lost", "p99(end_to_end)"
  Comparison comparison = Comparison::equal;
  double value = 0;    // ns for durations
  bool is_duration = false;
  std::string phase;   // "": the whole run
};

common::base::Result<Expectation> parse_expectation(std::string_view text);

}  // namespace coordinator::scenario
