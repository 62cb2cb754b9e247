#include "coordinator/report/over_time.h"

#include <algorithm>
#include <limits>

#include "common/base/assert.h"
#include "common/base/units.h"

namespace coordinator::report {

using common::base::duration_text;
using common::base::Nanos;
using scenario::Expectation;
using scenario::Window;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Span {          // in which it is looked for
  Moment begin;        // the end of what is named
  Nanos end = 0;       // the next fault, or the end of the run
  bool fault = false;  // the next fault
  std::string why;
};

Span span_after(const Expectation& expectation, const Measurements& measured) {
  Span span;
  if (expectation.window == Window::fault) {
    span.why = "the fault `" + expectation.name + "` was never reverted";
    for (const FaultMeasured& fault : measured.faults)
      if (fault.name == expectation.name) span.begin = fault.reverted;
  } else {
    span.why = "the phase `" + expectation.name + "` was not reached";
    for (const Measured& phase : measured.phases)
      if (phase.phase == expectation.name) span.begin = phase.end;
  }
  span.end = measured.run.end;
  for (const FaultMeasured& fault : measured.faults) {
    if (!span.begin || !fault.injecting || *fault.injecting < *span.begin || *fault.injecting >= span.end) continue;
    span.end = *fault.injecting;
    span.fault = true;
  }
  return span;
}

// The last slice at which it did not hold, and the last one of those in which that was told rather than remembered.
struct Fall {
  std::ptrdiff_t last = -1;
  std::ptrdiff_t told = -1;
};

// How long after the begin of the span it was told again and again, and whether to its end: "from then on" is said of
// nothing that was only remembered.
struct Known {
  Nanos since = 0;
  bool to_the_end = false;
};

Known known_of(const Levels& levels, const Span& span) {
  Known known;
  for (const auto& [from, to] : levels.told().spans()) {
    if (from >= span.end) break;
    known = {from > *span.begin + kLongestUntold ? from - *span.begin : 0, to + kLongestUntold >= span.end};
  }
  return known;
}

bool holds(std::int64_t low, std::int64_t high, const Expectation& expectation) {
  return scenario::compare(static_cast<double>(low), expectation.comparison, expectation.value) &&
         scenario::compare(static_cast<double>(high), expectation.comparison, expectation.value);
}

Value unknown(std::string why) {
  return {std::nullopt, std::nullopt, std::move(why)};
}

}  // namespace

const Levels& levels_of(const std::string& metric, const Measurements& measured) {
  if (metric == "lag") return measured.lag;
  FIREDRILL_ASSERT(metric == "under_replicated");  // the table has a metric that nobody measures
  return measured.under_replicated;
}

Value highest(const Levels& levels, Nanos begin, Nanos end, Nanos observed_from) {
  std::int64_t most = -1, told = -1;
  for (std::size_t i = 0; i < levels.all.size(); ++i) {
    const Nanos at = levels.begin + static_cast<Nanos>(i) * levels.slice;
    if (at >= end || at + levels.slice <= begin) continue;
    most = std::max(most, levels.all[i].high);
    told = std::max(told, levels.all[i].told_high);
  }
  if (most >= 0 && levels.told().throughout(observed_from, end))
    return {static_cast<double>(most), static_cast<double>(most), ""};
  if (told < 0) return unknown("it was not told");
  return {static_cast<double>(told), kInfinity, "it was not told throughout"};
}

Value held_since(const Expectation& expectation, const Measurements& measured) {
  const Span span = span_after(expectation, measured);
  if (!span.begin) return unknown(span.why);
  const Levels& levels = levels_of(expectation.metric, measured);
  if (!measured.clock_error) return unknown("the clocks of the hosts were never compared");
  const auto begin_of = [&](std::ptrdiff_t slice) { return levels.begin + slice * levels.slice; };
  Fall fall;
  std::ptrdiff_t final = -1;
  bool told = false;
  for (std::size_t i = 0; i < levels.all.size(); ++i) {
    const auto slice = static_cast<std::ptrdiff_t>(i);
    if (begin_of(slice) < *span.begin || begin_of(slice) + levels.slice > span.end) continue;  // whole ones only
    const Level& level = levels.all[i];
    if (level.high < 0) continue;
    final = slice;
    told = told || level.told();
    if (holds(level.low, level.high, expectation)) continue;
    fall.last = slice;
    const bool told_so = level.told() && !holds(level.told_low, level.told_high, expectation);
    if (told_so || fall.told < 0) fall.told = slice;
  }
  if (!told) return unknown("it was not told after `" + expectation.name + "` had ended");
  const Nanos error = *measured.clock_error;
  const Nanos low = fall.told < 0 ? 0 : std::max<Nanos>(0, begin_of(fall.told) - *span.begin - error);
  const Known known = known_of(levels, span);
  if (!known.to_the_end) return {static_cast<double>(low), kInfinity, "it was not told to the end"};
  if (fall.last < 0 && known.since == 0) return {0, 0, ""};
  const std::string until = span.fault ? "the next fault came " : "the run ended ";
  if (fall.last >= 0 && fall.last == final) {
    if (span.end - *span.begin >= expectation.within) return {kInfinity, kInfinity, ""};
    return unknown("it did not hold yet when " + until + duration_text(span.end - *span.begin) + " after it");
  }
  const Nanos fell = fall.last < 0 ? 0 : begin_of(fall.last) + levels.slice - *span.begin;
  const Nanos high = std::max(fell, known.since) + error;
  return {static_cast<double>(low), static_cast<double>(high),
          "when it held is known only to within " + duration_text(high - low)};
}

std::string held_text(const Value& value) {
  if (!value.low || !value.high) return "";
  if (*value.low == kInfinity) return "it did not hold to the end";
  if (*value.high == kInfinity)
    return *value.low > 0 ? "not before " + duration_text(static_cast<Nanos>(*value.low)) : "";
  if (*value.high == 0) return "at once";
  return "after " + duration_text(static_cast<Nanos>(*value.high));
}

}  // namespace coordinator::report
