// An expectation: a threshold on something that the run measured. One small expression:
//   METRIC OP VALUE[UNIT] [during PHASE]
// e.g. `lost == 0`, `leader_changes >= 1 during fault`, `max(producer_unavailability) < 8s during fault`,
// `p99(end_to_end) < 200ms during steady`, `success_rate >= 0.99`. Metrics: metric_table.h. Values with a time unit are
// ns inside. Pure.
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
  double value = 0;  // ns for durations
  bool is_duration = false;
  std::string phase;  // "": the whole run
};

// An unknown metric is an error that names the nearest; whether the phase exists, make_plan() checks.
common::base::Result<Expectation> parse_expectation(std::string_view text);

std::string_view sign(Comparison comparison);  // "==", "<=", ...
bool compare(double left, Comparison comparison, double right);

// The three parts of `LEFT OP RIGHT`, spaces trimmed; an error if there is no operator or a side is empty.
struct Sides {
  std::string left;
  Comparison comparison = Comparison::equal;
  std::string right;
};
common::base::Result<Sides> split_comparison(std::string_view text);

}  // namespace coordinator::scenario
