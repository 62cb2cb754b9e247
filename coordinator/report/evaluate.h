// Expectations against what was measured: hit, missed, or undecided because the measurement is not exact enough. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coordinator/judge/result.h"
#include "coordinator/report/measurements.h"
#include "coordinator/scenario/expectation.h"

namespace coordinator::report {

enum class Outcome { hit, missed, undecided };

// What a metric's value surely lies in: a latency has the width of its bucket and of the clocks' error, a silence that
// did not end has no upper bound. nullopt bounds: nothing was measured.
struct Value {
  std::optional<double> low;
  std::optional<double> high;  // infinity: at least `low`
  std::string why;             // what makes it inexact or absent, for people
};

struct Evaluated {
  scenario::Expectation expectation;
  Outcome outcome = Outcome::undecided;
  std::string measured;  // "9.52 s", "at least 12.0 s", "0"
  std::string why;       // of an undecided one
};

Value value_of(const scenario::Expectation& expectation, const judge::JudgeResult& judged,
               const Measurements& measured);
Evaluated evaluate(const scenario::Expectation& expectation, const judge::JudgeResult& judged,
                   const Measurements& measured);
std::vector<Evaluated> evaluate(const std::vector<scenario::Expectation>& expectations,
                                const judge::JudgeResult& judged, const Measurements& measured);

// The judge saw all that there was: then what it did not find did not happen. With reasons not to pass it did not.
bool everything_seen(const judge::JudgeResult& judged);
// Why a number of findings is undecided otherwise; the judge's own reasons say what it could not see.
inline constexpr const char* kNotAllSeen = "the judge could not see everything";

// How many samples decide a quantile: ten of them must be expected beyond it.
std::int64_t samples_needed(double quantile);

}  // namespace coordinator::report
