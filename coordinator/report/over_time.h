// What is asked of a number that has a value at every moment (levels.h): how high it was over a time, and from when on
// a comparison held after a phase or a fault had ended. Pure.
#pragma once

#include <string>

#include "coordinator/report/evaluate.h"

namespace coordinator::report {

const Levels& levels_of(const std::string& metric, const Measurements& measured);

// Where it was not told from `observed_from` to `end`, it may have been higher.
Value highest(const Levels& levels, common::base::Nanos begin, common::base::Nanos end,
              common::base::Nanos observed_from);

// `lag < 1000 within 60s after NAME`: how long after the end of NAME it held, for good: until the next fault or the end
// of the run. Infinite: it did not hold then.
Value held_since(const scenario::Expectation& expectation, const Measurements& measured);
std::string held_text(const Value& value);  // "after 12.3 s", "at once", "never"

}  // namespace coordinator::report
