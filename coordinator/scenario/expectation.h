// An expectation: a threshold on something that the run measured. One small expression:
//   METRIC OP VALUE[UNIT] [during NAME | within DURATION after NAME]
// e.g. `lost == 0`, `leader_changes >= 1 during fault`, `max(unavailability) < 8s during kill-leader`,
// `p99(end_to_end) < 200ms during steady`, `lag < 1000 within 60s after recovery`. NAME is that of a phase or of a
// fault; where both have it, `phase NAME` or `fault NAME`. Metrics: metric_table.h. Values with a time unit are ns
// inside. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace coordinator::scenario {

enum class Comparison { equal, not_equal, less, at_most, more, at_least };

// Over which time: `named` is a phase or a fault, place() finds out which.
enum class Window { run, named, phase, fault };

struct Expectation {
  std::string text;    // as written
  std::string metric;  // "lost", "p99(end_to_end)"
  Comparison comparison = Comparison::equal;
  double value = 0;  // ns for durations
  bool is_duration = false;
  Window window = Window::run;
  std::string name;                // of the phase or fault; "": the whole run
  std::size_t name_at = 0;         // where it stands in the text
  bool after = false;              // from the end of `name` on, instead of during it:
  common::base::Nanos within = 0;  // at most that long after it the comparison holds, and from then on
};

// What is wrong with an expression, and at which of its characters (from 0).
struct Misread {
  std::size_t at = 0;
  std::string what;
};
template <typename T>
using Read = boost::system::result<T, Misread>;

// An unknown metric is a Misread that names the nearest; place() checks the name of phase or fault.
Read<Expectation> parse_expectation(std::string_view text);

// Decides whether `name` is a phase or a fault. A name that is neither, or both, is a Misread.
Read<void> place(Expectation& expectation, const std::vector<std::string>& phases,
                 const std::vector<std::string>& faults);

std::string_view sign(Comparison comparison);  // "==", "<=", ...
bool compare(double left, Comparison comparison, double right);

// The three parts of `LEFT OP RIGHT`, spaces trimmed, and where they begin; an error if there is no operator or a side
// is empty.
struct Sides {
  std::string left;
  Comparison comparison = Comparison::equal;
  std::string right;
  std::size_t left_at = 0;
  std::size_t right_at = 0;
};
Read<Sides> split_comparison(std::string_view text);

}  // namespace coordinator::scenario
