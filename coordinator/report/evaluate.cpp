#include "coordinator/report/evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <tuple>
#include <utility>

#include "common/base/assert.h"
#include "common/base/units.h"
#include "coordinator/report/over_time.h"
#include "coordinator/report/silence.h"
#include "coordinator/scenario/metric_table.h"

namespace coordinator::report {

using common::base::count_text;
using common::base::duration_text;
using scenario::Comparison;
using scenario::Expectation;
using scenario::Unit;
using scenario::Window;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr const char* kUnobserved = "the cluster was not observed then";

Value exactly(double value) {
  return {value, value, ""};
}

Value exactly(std::int64_t value) {
  return exactly(static_cast<double>(value));
}

Value at_least(std::int64_t value, std::string why) {
  return {static_cast<double>(value), kInfinity, std::move(why)};
}

std::optional<Value> from_books(const std::string& metric, const judge::Books& books) {
  const std::array<std::pair<std::string_view, std::int64_t>, 9> rows{{{"sent", books.sent},
                                                                       {"acked", books.acked},
                                                                       {"refused", books.refused},
                                                                       {"unknown", books.unknown},
                                                                       {"aborted", books.aborted},
                                                                       {"present", books.present},
                                                                       {"excused", books.excused},
                                                                       {"unknown_landed", books.unknown_landed},
                                                                       {"extra_copies", books.extra_copies}}};
  for (const auto& [name, value] : rows)
    if (name == metric) return exactly(value);
  if (metric == "foreign") return exactly(books.foreign);
  return std::nullopt;
}

Value from_findings(const std::string& metric, const judge::JudgeResult& judged) {
  judge::Count count;
  for (const judge::Finding& finding : judged.findings)
    if (metric == judge::name_of(finding.kind))
      count += std::max<std::int64_t>(judge::records_of(finding), 1);  // a cycle has no messages of its own
  for (const judge::LeftOut& left : judged.left_out)
    if (metric == judge::name_of(left.kind)) count += left.records;
  return everything_seen(judged) ? exactly(count) : at_least(count, kNotAllSeen);
}

// "p99(ack)" -> 0.99 of ack; "max(...)" -> 1.
std::optional<std::pair<double, std::string>> quantile_of(const std::string& metric) {
  const std::size_t open = metric.find('(');
  if (open == std::string::npos) return std::nullopt;
  const std::string of = metric.substr(open + 1, metric.size() - open - 2);
  if (of != "ack" && of != "end_to_end") return std::nullopt;
  if (metric.starts_with("max")) return std::make_pair(1.0, of);
  return std::make_pair(std::strtod(metric.c_str() + 1, nullptr) / 100, of);
}

Value from_latency(double quantile, const Percentiles& percentiles) {
  using workloads::evidence::Histogram;
  const std::int64_t samples = percentiles.histogram.count();
  if (samples == 0) return {std::nullopt, std::nullopt, "nothing was measured"};
  if (!percentiles.clock_error) return {std::nullopt, std::nullopt, "the clocks of two hosts were never compared"};
  const std::int64_t upper = percentiles.histogram.quantile(quantile);
  const std::int64_t lower = Histogram::lower_bound_of(Histogram::bucket_of(upper));
  const auto error = static_cast<double>(*percentiles.clock_error);
  Value value{static_cast<double>(lower) - error, static_cast<double>(upper) + error,
              error > 0 ? "the clocks differ by up to " + duration_text(*percentiles.clock_error)
                        : "at the edge of its bucket"};
  if (quantile < 1 && samples < samples_needed(quantile))
    return {std::nullopt, std::nullopt,
            "only " + count_text(samples) + " samples; " + count_text(samples_needed(quantile)) + " decide"};
  return value;
}

Value from_silence(const std::string& metric, const Unavailability& silence, const char* unwanted) {
  if (silence.partitions == 0 && !silence.wanted) return {std::nullopt, std::nullopt, unwanted};
  if (!silence.clock_error)
    return {std::nullopt, std::nullopt, "who could have stood in is on hosts whose clocks were never compared"};
  const auto length = static_cast<double>(metric.starts_with("max") ? silence.longest : silence.total);
  if (silence.open) return {length, kInfinity, "the silence did not end"};
  const auto error = static_cast<double>(*silence.clock_error);
  if (error == 0 || silence.partitions == 0) return exactly(length);
  return {std::max(0.0, length - error), length + error,
          "the clocks differ by up to " + duration_text(*silence.clock_error)};
}

// Producers and consumers together: whichever was silent longer. If one of them is not known, at least the other.
Value larger(const Value& a, const Value& b) {
  if (!a.low) return b.low ? larger(b, a) : a;
  if (!b.low) return {a.low, kInfinity, b.why};
  return {std::max(*a.low, *b.low), std::max(*a.high, *b.high), *a.high >= *b.high ? a.why : b.why};
}

// What the cluster did is what somebody saw of it: where nobody looked, it may have done more.
std::optional<Value> from_cluster(const std::string& metric, const Measured& in) {
  if (metric == "in_flight_at_leader_change")
    return at_least(in.in_flight_at_leader_change, "only what was surely in flight is counted");
  const std::array<std::pair<std::string_view, std::int64_t>, 3> seen{{{"leader_changes", in.leader_changes},
                                                                       {"leader_elections", in.leader_elections},
                                                                       {"isr_shrinks", in.isr_shrinks}}};
  for (const auto& [name, value] : seen)
    if (name == metric) return in.cluster_observed ? exactly(value) : at_least(value, kUnobserved);
  if (metric == "controller_changes")
    return in.controller_observed ? exactly(in.controller_changes) : at_least(in.controller_changes, kUnobserved);
  return std::nullopt;
}

Value faults_that_moved_leaders(const Measurements& measured) {
  std::int64_t moved = 0;
  bool observed = true;
  for (const FaultMeasured& fault : measured.faults) {
    moved += fault.leader_changes > 0 ? 1 : 0;
    observed = observed && (fault.leader_changes > 0 || !fault.injecting || fault.cluster_observed);
  }
  return observed ? exactly(moved) : at_least(moved, kUnobserved);
}

// Those without a time may belong to the window or not.
Value from_counts(const std::string& metric, const Measured& in, const Timeless& perhaps) {
  const auto between = [](double low, double high) {
    return Value{low, high, low < high ? "of some records nobody knows when they ended" : ""};
  };
  const auto number = [](std::int64_t value) { return static_cast<double>(value); };
  const std::array<std::tuple<std::string_view, std::int64_t, std::int64_t>, 5> counts{
      {{"sent", in.sent, perhaps.sent},
       {"acked", in.acked, perhaps.acked},
       {"refused", in.refused, perhaps.refused},
       {"unknown", in.unknown, perhaps.unknown},
       {"delivered", in.delivered, perhaps.delivered}}};
  for (const auto& [name, value, more] : counts)
    if (name == metric) return between(number(value), number(value + more));
  if (metric == "success_rate") {
    const std::int64_t failed = in.unknown + in.refused;
    const std::int64_t all = in.acked + failed;
    if (all == 0) return {std::nullopt, std::nullopt, "no record had an outcome"};
    return between(number(in.acked) / number(all + perhaps.unknown + perhaps.refused),
                   number(in.acked + perhaps.acked) / number(all + perhaps.acked));
  }
  const double seconds = number(in.end - in.begin) / 1e9;
  if (seconds <= 0) return {std::nullopt, std::nullopt, "the phase took no time"};
  const bool acked = metric == "throughput(acked)";
  return between(number(acked ? in.acked : in.delivered) / seconds,
                 number(acked ? in.acked + perhaps.acked : in.delivered + perhaps.delivered) / seconds);
}

bool is_counted(const std::string& metric) {
  constexpr std::array<std::string_view, 6> kNames{"sent", "acked", "refused", "unknown", "delivered", "success_rate"};
  return std::find(kNames.begin(), kNames.end(), metric) != kNames.end() || metric.starts_with("throughput(");
}

Value from_phase(const std::string& metric, const Measured& in, const Timeless& perhaps) {
  if (is_counted(metric)) return from_counts(metric, in, perhaps);
  if (const auto value = from_cluster(metric, in)) return *value;
  const Value producers = from_silence(metric, in.producers, "nobody had anything to send then");
  const Value consumers = from_silence(metric, in.consumers, "nobody read then, or nothing was sent");
  if (metric.ends_with("(producer_unavailability)")) return producers;
  if (metric.ends_with("(consumer_unavailability)")) return consumers;
  if (metric.ends_with("(unavailability)")) return larger(producers, consumers);
  const auto quantile = quantile_of(metric);
  FIREDRILL_ASSERT(quantile.has_value());  // the table has a metric that nobody measures
  return from_latency(quantile->first, quantile->second == "ack" ? in.ack : in.end_to_end);
}

const Measured* window_of(const Expectation& expectation, const Measurements& measured) {
  if (expectation.window == Window::run) return &measured.run;
  if (expectation.window == Window::fault) {
    for (const FaultMeasured& fault : measured.faults)
      if (fault.name == expectation.name && fault.injecting) return &fault.during;
    return nullptr;
  }
  for (const Measured& phase : measured.phases)
    if (phase.phase == expectation.name) return &phase;
  return nullptr;
}

std::string why_no_window(const Expectation& expectation) {
  return expectation.window == Window::fault ? "the fault `" + expectation.name + "` was never injected"
                                             : "the phase `" + expectation.name + "` was not reached";
}

std::string shown(double value, Unit unit) {
  if (unit == Unit::duration && value == 0) return "0";
  if (unit == Unit::duration) return duration_text(static_cast<common::base::Nanos>(value));
  if (unit == Unit::per_second) return common::base::rate_text(value);
  if (unit == Unit::ratio) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%.6g", value);
    return text.data();
  }
  return count_text(static_cast<std::int64_t>(value));
}

std::string shown(const Value& value, Unit unit) {
  if (!value.low || !value.high) return "";
  if (*value.high == kInfinity) return "at least " + shown(*value.low, unit);
  return shown(*value.high, unit);
}

Outcome decide(const Value& value, Comparison comparison, double bound) {
  if (!value.low || !value.high) return Outcome::undecided;
  const bool low = scenario::compare(*value.low, comparison, bound);
  const bool high = scenario::compare(*value.high, comparison, bound);
  // Of an interval, == and != are certain only if the bound lies outside it, or it is a single point.
  if (*value.low < bound && bound < *value.high) return Outcome::undecided;
  if (low != high) return Outcome::undecided;
  return low ? Outcome::hit : Outcome::missed;
}

}  // namespace

bool everything_seen(const judge::JudgeResult& judged) {
  return judged.verdict == judge::Verdict::pass || (judged.verdict == judge::Verdict::fail && judged.reasons.empty());
}

std::int64_t samples_needed(double quantile) {
  return std::llround(10 / (1 - quantile));
}

Value value_of(const Expectation& expectation, const judge::JudgeResult& judged, const Measurements& measured) {
  const scenario::Metric* metric = scenario::find_metric(expectation.metric);
  FIREDRILL_ASSERT(metric != nullptr);  // parse_expectation checked it
  if (expectation.after) return held_since(expectation, measured);
  if (metric->scope == scenario::Scope::finding) return from_findings(expectation.metric, judged);
  if (expectation.window == Window::run) {
    if (const auto value = from_books(expectation.metric, judged.books)) return *value;
    if (expectation.metric == "faults_that_moved_leaders") return faults_that_moved_leaders(measured);
  }
  const Measured* window = window_of(expectation, measured);
  if (window == nullptr) return {std::nullopt, std::nullopt, why_no_window(expectation)};
  if (metric->scope == scenario::Scope::moment)
    return highest(levels_of(expectation.metric, measured), window->begin, window->end,
                   expectation.window == Window::run ? measured.observed_from() : window->begin);
  // A phase and a fault begin and end by a clock that the clients need not have.
  const bool silence = expectation.metric.ends_with("unavailability)");
  if (silence && expectation.window != Window::run &&
      measured.clock_error.value_or(kShortestStall + 1) > kShortestStall)
    return {std::nullopt, std::nullopt, "the clocks of the hosts are not known well enough to say what was when"};
  const bool whole = expectation.window == Window::run;
  return from_phase(expectation.metric, *window, whole ? Timeless{} : measured.timeless);
}

Evaluated evaluate(const Expectation& expectation, const judge::JudgeResult& judged, const Measurements& measured) {
  const Value value = value_of(expectation, judged, measured);
  const Unit unit = expectation.after ? Unit::duration : scenario::find_metric(expectation.metric)->unit;
  const Comparison comparison = expectation.after ? Comparison::at_most : expectation.comparison;
  const double bound = expectation.after ? static_cast<double>(expectation.within) : expectation.value;
  Evaluated evaluated{expectation, decide(value, comparison, bound), "", ""};
  evaluated.measured = expectation.after ? held_text(value) : shown(value, unit);
  if (evaluated.outcome == Outcome::undecided) evaluated.why = value.why;
  return evaluated;
}

std::vector<Evaluated> evaluate(const std::vector<Expectation>& expectations, const judge::JudgeResult& judged,
                                const Measurements& measured) {
  std::vector<Evaluated> all;
  for (const Expectation& expectation : expectations) all.push_back(evaluate(expectation, judged, measured));
  return all;
}

}  // namespace coordinator::report
