// Expectations are hit or missed only when the measurement is exact enough to tell.
#include "coordinator/report/evaluate.h"

#include <gtest/gtest.h>

#include "coordinator/report/levels.h"
#include "coordinator/scenario/metric_table.h"

namespace coordinator::report {
namespace {

using common::base::kMillisecond;
using common::base::kSecond;

struct Found {
  judge::JudgeResult judged;
  Measurements measured;

  Found() {
    measured.run.end = 10 * kSecond;
    measured.phases.emplace_back();
    measured.phases[0].phase = "fault";
    measured.phases[0].begin = 2 * kSecond;
    measured.phases[0].end = 4 * kSecond;
  }
  Measured& phase() { return measured.phases[0]; }
  Evaluated of(const std::string& text) const {
    const auto expectation = scenario::parse_expectation(text);
    EXPECT_TRUE(expectation) << text;
    return evaluate(*expectation, judged, measured);
  }
};

TEST(Evaluate, every_metric_of_the_table_can_be_measured) {
  Found found;
  found.measured.faults.emplace_back().name = "kill";
  found.measured.faults[0].injecting = 2 * kSecond;
  for (const scenario::Metric& metric : scenario::metrics()) {
    scenario::Expectation expectation;
    expectation.metric = metric.name;
    value_of(expectation, found.judged, found.measured);  // asserts on a name that nobody measures
    if (metric.scope == scenario::Scope::run || metric.scope == scenario::Scope::finding) continue;
    expectation.window = scenario::Window::phase;
    expectation.name = "fault";
    value_of(expectation, found.judged, found.measured);
    expectation.after = metric.scope == scenario::Scope::moment;
    value_of(expectation, found.judged, found.measured);
    expectation.window = scenario::Window::fault;
    expectation.name = "kill";
    value_of(expectation, found.judged, found.measured);
  }
}

TEST(Evaluate, every_kind_of_finding_is_a_metric) {
  for (int kind = 0; kind <= static_cast<int>(judge::Kind::end_regressed); ++kind)
    EXPECT_NE(scenario::find_metric(judge::name_of(static_cast<judge::Kind>(kind))), nullptr)
        << judge::name_of(static_cast<judge::Kind>(kind));
}

TEST(Evaluate, findings_count_their_records_whatever_the_severity) {
  Found found;
  judge::Finding finding;
  finding.kind = judge::Kind::lost;
  finding.severity = judge::Severity::allowed;
  finding.messages = {{0, 4, 3}, {0, 9, 1}};
  found.judged.findings = {finding};
  found.judged.verdict = judge::Verdict::pass;
  EXPECT_EQ(found.of("lost == 4").outcome, Outcome::hit);
  const Evaluated missed = found.of("lost == 0");
  EXPECT_EQ(missed.outcome, Outcome::missed) << "a scenario may forbid what the configuration allows";
  EXPECT_EQ(missed.measured, "4");
}

TEST(Evaluate, none_was_found_says_something_only_where_the_judge_saw_everything) {
  Found found;
  found.judged.verdict = judge::Verdict::inconclusive;
  EXPECT_EQ(found.of("lost == 0").outcome, Outcome::undecided);
  EXPECT_EQ(found.of("lost == 0").why, kNotAllSeen);
  found.judged.findings.emplace_back().messages = {{0, 4, 3}};
  EXPECT_EQ(found.of("lost == 0").outcome, Outcome::missed) << "three were found, whatever else there is";
  EXPECT_EQ(found.of("lost <= 3").measured, "at least 3");
  found.judged.verdict = judge::Verdict::fail;
  EXPECT_EQ(found.of("duplicated == 0").outcome, Outcome::hit) << "it fails for what it saw";
  found.judged.reasons = {"the history was cut off: its `end` is missing"};
  EXPECT_EQ(found.of("duplicated == 0").outcome, Outcome::undecided);
}

TEST(Evaluate, where_nothing_was_sent_nobody_was_unavailable_or_available) {
  Found found;
  EXPECT_EQ(found.of("max(producer_unavailability) < 1h during fault").outcome, Outcome::undecided);
  found.phase().sent = found.phase().delivered = 1;
  found.phase().producers.wanted = true;
  EXPECT_EQ(found.of("max(producer_unavailability) < 1h during fault").measured, "0");
  EXPECT_EQ(found.of("max(consumer_unavailability) < 1h during fault").why, "nobody read then, or nothing was sent");
}

TEST(Evaluate, of_two_sides_the_one_that_is_known_can_only_miss) {
  Found found;
  found.phase().producers.wanted = true;
  found.phase().producers.longest = 3 * kSecond;
  found.phase().producers.partitions = 1;
  const Evaluated undecided = found.of("max(unavailability) < 8s during fault");
  EXPECT_EQ(undecided.outcome, Outcome::undecided);
  EXPECT_EQ(undecided.why, "nobody read then, or nothing was sent");
  EXPECT_EQ(found.of("max(unavailability) < 2s during fault").outcome, Outcome::missed);
  found.phase().consumers.wanted = true;
  EXPECT_EQ(found.of("max(unavailability) < 8s during fault").outcome, Outcome::hit);
}

TEST(Evaluate, a_silence_that_did_not_end_is_at_least_that_long) {
  Found found;
  found.phase().producers.longest = 9 * kSecond;
  found.phase().producers.partitions = 1;
  EXPECT_EQ(found.of("max(producer_unavailability) < 30s during fault").outcome, Outcome::hit);
  found.phase().producers.open = true;
  const Evaluated undecided = found.of("max(producer_unavailability) < 30s during fault");
  EXPECT_EQ(undecided.outcome, Outcome::undecided);
  EXPECT_EQ(undecided.measured, "at least 9.00 s");
  EXPECT_EQ(undecided.why, "the silence did not end");
  EXPECT_EQ(found.of("max(producer_unavailability) < 8s during fault").outcome, Outcome::missed);
}

TEST(Evaluate, a_latency_is_decided_only_beyond_the_error_of_the_clocks) {
  Found found;
  found.phase().end_to_end.histogram.record(100 * kMillisecond, 5'000);
  found.phase().end_to_end.clock_error = 20 * kMillisecond;
  EXPECT_EQ(found.of("p99(end_to_end) < 200ms during fault").outcome, Outcome::hit);
  EXPECT_EQ(found.of("p99(end_to_end) < 70ms during fault").outcome, Outcome::missed);
  const Evaluated close = found.of("p99(end_to_end) < 110ms during fault");
  EXPECT_EQ(close.outcome, Outcome::undecided);
  EXPECT_EQ(close.why, "the clocks differ by up to 20.0 ms");
  found.phase().end_to_end.clock_error.reset();
  EXPECT_EQ(found.of("p99(end_to_end) < 1h during fault").why, "the clocks of two hosts were never compared");
}

TEST(Evaluate, too_few_samples_decide_no_quantile) {
  Found found;
  found.phase().ack.histogram.record(kMillisecond, 312);
  const Evaluated few = found.of("p99(ack) < 200ms during fault");
  EXPECT_EQ(few.outcome, Outcome::undecided);
  EXPECT_EQ(few.why, "only 312 samples; 1,000 decide");
  EXPECT_EQ(found.of("p90(ack) < 200ms during fault").outcome, Outcome::hit);
  EXPECT_EQ(found.of("max(ack) < 200ms during fault").outcome, Outcome::hit) << "a maximum is what was seen";
  EXPECT_EQ(found.of("p99(ack) < 200ms").why, "nothing was measured");
}

TEST(Evaluate, rates_are_of_the_phase) {
  Found found;
  found.phase().acked = 990;
  found.phase().unknown = 10;
  EXPECT_EQ(found.of("success_rate >= 0.99 during fault").outcome, Outcome::hit);
  EXPECT_EQ(found.of("success_rate > 0.99 during fault").measured, "0.99");
  EXPECT_EQ(found.of("throughput(acked) >= 500/s during fault").outcome, Outcome::missed);
  EXPECT_EQ(found.of("throughput(acked) >= 500/s during fault").measured, "495/s");
}

TEST(Evaluate, unavailability_is_of_whoever_was_silent_longer) {
  Found found;
  found.phase().sent = 1;
  found.phase().producers.longest = 3 * kSecond;
  found.phase().consumers.longest = 5 * kSecond;
  found.phase().producers.partitions = found.phase().consumers.partitions = 1;
  EXPECT_EQ(found.of("max(unavailability) < 8s during fault").measured, "5.00 s");
  EXPECT_EQ(found.of("max(unavailability) < 4s during fault").outcome, Outcome::missed);
  found.phase().producers.open = true;
  EXPECT_EQ(found.of("max(unavailability) < 8s during fault").outcome, Outcome::undecided);
}

TEST(Evaluate, silence_on_several_hosts_is_as_exact_as_their_clocks) {
  Found found;
  found.phase().sent = 1;
  found.phase().producers.longest = 8 * kSecond;
  found.phase().producers.partitions = 1;
  found.phase().producers.clock_error = 50 * kMillisecond;
  EXPECT_EQ(found.of("max(producer_unavailability) < 9s during fault").outcome, Outcome::hit);
  EXPECT_EQ(found.of("max(producer_unavailability) < 8020ms during fault").outcome, Outcome::undecided);
  // What belongs to the phase is told by times of several hosts, too.
  found.measured.clock_error = 300 * kMillisecond;
  EXPECT_EQ(found.of("max(producer_unavailability) < 9s during fault").why,
            "the clocks of the hosts are not known well enough to say what was when");
  found.measured.run = found.phase();
  EXPECT_EQ(found.of("max(producer_unavailability) < 9s").outcome, Outcome::hit);
  found.measured.run.producers.clock_error.reset();
  EXPECT_EQ(found.of("max(producer_unavailability) < 9s").outcome, Outcome::undecided);
}

// The fault from 2 s to 4 s; lag as told every 100 ms from 1 s on: 5,000 until 6 s, then 10.
struct Lagging : Found {
  Lagging() {
    measured.faults.emplace_back().name = "kill";
    measured.faults[0].injecting = 2 * kSecond;
    measured.faults[0].reverted = 4 * kSecond;
    measured.faults[0].during.begin = 2 * kSecond;
    measured.faults[0].during.end = 4 * kSecond;
    LevelRecorder lag(0, measured.run.end);
    for (std::int64_t at = 1'000; at < 10'000; at += 100) lag.tell(at * kMillisecond, at < 6'000 ? 5'000 : 10);
    measured.lag = lag.take();
  }
};

TEST(Evaluate, what_must_hold_within_a_time_holds_from_then_on) {
  const Lagging found;
  const Evaluated hit = found.of("lag < 1000 within 3s after fault kill");
  EXPECT_EQ(hit.outcome, Outcome::hit);
  EXPECT_EQ(hit.measured, "after 2.10 s") << "to a slice of 100 ms";
  EXPECT_EQ(found.of("lag < 1000 within 1s after fault kill").outcome, Outcome::missed);
  EXPECT_EQ(found.of("lag < 1000 within 1950ms after fault kill").outcome, Outcome::undecided)
      << "it was told 1.9 s after, and then 2.0 s after";
  EXPECT_EQ(found.of("lag < 10000 within 1s after fault kill").measured, "at once");
  EXPECT_EQ(found.of("lag > 10 within 1s after fault kill").outcome, Outcome::missed) << "not from then on";
  EXPECT_EQ(found.of("lag > 10 within 1s after fault kill").measured, "it did not hold to the end");
  EXPECT_EQ(found.of("lag == 0 within 1h after fault kill").why,
            "it did not hold yet when the run ended 6.00 s after it");
  EXPECT_EQ(found.of("lag < 1000 within 1s after fault other").outcome, Outcome::undecided);
}

TEST(Evaluate, another_fault_ends_what_is_looked_at) {
  Lagging found;
  found.measured.faults.emplace_back().name = "next";
  found.measured.faults[1].injecting = 5 * kSecond;
  EXPECT_EQ(found.of("lag < 1000 within 3s after fault kill").why,
            "it did not hold yet when the next fault came 1.00 s after it");
  EXPECT_EQ(found.of("lag < 1000 within 500ms after fault kill").outcome, Outcome::missed);
}

TEST(Evaluate, a_number_over_time_is_its_highest) {
  const Lagging found;
  EXPECT_EQ(found.of("lag < 6000 during fault kill").measured, "5,000");
  EXPECT_EQ(found.of("lag < 6000").outcome, Outcome::hit);
  EXPECT_EQ(found.of("under_replicated == 0").why, "it was not told");
  EXPECT_EQ(found.of("under_replicated == 0 within 1s after fault kill").why, "it was not told after `kill` had ended");
}

TEST(Evaluate, what_the_cluster_did_unobserved_is_not_known) {
  Found found;
  found.phase().leader_changes = 1;
  for (const char* metric : {"isr_shrinks", "leader_elections", "controller_changes"}) {
    const Evaluated none = found.of(std::string(metric) + " == 0 during fault");
    EXPECT_EQ(none.outcome, Outcome::undecided) << metric;
    EXPECT_EQ(none.why, "the cluster was not observed then");
  }
  EXPECT_EQ(found.of("leader_changes >= 1 during fault").outcome, Outcome::hit) << "one was seen";
  EXPECT_EQ(found.of("leader_changes == 0 during fault").outcome, Outcome::missed);
  found.phase().cluster_observed = found.phase().controller_observed = true;
  EXPECT_EQ(found.of("isr_shrinks == 0 during fault").outcome, Outcome::hit);
  EXPECT_EQ(found.of("controller_changes == 0 during fault").outcome, Outcome::hit);
  found.measured.faults.emplace_back().injecting = kSecond;
  EXPECT_EQ(found.of("faults_that_moved_leaders == 0").outcome, Outcome::undecided);
  found.measured.faults[0].cluster_observed = true;
  EXPECT_EQ(found.of("faults_that_moved_leaders == 0").outcome, Outcome::hit);
}

TEST(Evaluate, what_was_in_flight_is_a_lower_bound) {
  Found found;
  found.phase().cluster_observed = true;
  found.phase().in_flight_at_leader_change = 7;
  EXPECT_EQ(found.of("in_flight_at_leader_change >= 7 during fault").outcome, Outcome::hit);
  EXPECT_EQ(found.of("in_flight_at_leader_change < 7 during fault").outcome, Outcome::missed);
  EXPECT_EQ(found.of("in_flight_at_leader_change < 10 during fault").outcome, Outcome::undecided);
  EXPECT_EQ(found.of("in_flight_at_leader_change >= 8 during fault").measured, "at least 7");
}

// Told each second from 1 s on until the last time given, as 10; then remembered to the end of a run of a minute.
struct Forgotten : Lagging {
  explicit Forgotten(std::int64_t last, std::int64_t silent_from = 0, std::int64_t silent_to = 0) {
    measured.run.end = 60 * kSecond;
    LevelRecorder lag(0, measured.run.end);
    for (std::int64_t at = 1; at <= last; ++at)
      if (at <= silent_from || at >= silent_to) lag.tell(at * kSecond, 10);
    measured.lag = lag.take();
  }
};

TEST(Evaluate, what_is_only_remembered_does_not_hold_from_then_on) {
  EXPECT_EQ(Forgotten(59).of("lag < 1000 within 10s after fault kill").measured, "at once");
  const Evaluated dead = Forgotten(6).of("lag < 1000 within 10s after fault kill");
  EXPECT_EQ(dead.outcome, Outcome::undecided);
  EXPECT_EQ(dead.why, "it was not told to the end");
  EXPECT_EQ(Forgotten(6).of("lag < 5 within 1s after fault kill").outcome, Outcome::missed) << "it was told otherwise";
  EXPECT_EQ(Forgotten(6).of("lag < 5 within 1s after fault kill").measured, "not before 2.00 s");
  // Nobody looked between 5 s and 15 s.
  EXPECT_EQ(Forgotten(59, 5, 15).of("lag < 1000 within 20s after fault kill").outcome, Outcome::hit);
  EXPECT_EQ(Forgotten(59, 5, 15).of("lag < 1000 within 10s after fault kill").outcome, Outcome::undecided);
}

TEST(Evaluate, a_number_that_was_not_told_throughout_may_have_been_higher) {
  EXPECT_EQ(Forgotten(59).of("lag < 1000").outcome, Outcome::hit);
  const Evaluated dead = Forgotten(20).of("lag < 1000");
  EXPECT_EQ(dead.outcome, Outcome::undecided);
  EXPECT_EQ(dead.why, "it was not told throughout");
  EXPECT_EQ(Forgotten(20).of("lag < 1000 during fault kill").outcome, Outcome::hit);
  EXPECT_EQ(Forgotten(20).of("lag < 10").outcome, Outcome::missed);
  Forgotten shorter(59);
  shorter.measured.faults[0].during.begin = 3'500 * kMillisecond;
  shorter.measured.faults[0].during.end = 3'800 * kMillisecond;
  EXPECT_EQ(shorter.of("lag < 1000 during fault kill").outcome, Outcome::hit) << "between two times that it was told";
  Forgotten before(1);
  before.measured.faults[0].during.begin = 30 * kSecond;
  before.measured.faults[0].during.end = 40 * kSecond;
  EXPECT_EQ(before.of("lag < 1000 during fault kill").why, "it was not told");
}

TEST(Evaluate, records_without_a_time_may_belong_to_any_window) {
  Found found;
  found.phase().acked = 236;
  found.measured.timeless.unknown = 764;
  const Evaluated rate = found.of("success_rate >= 0.9 during fault");
  EXPECT_EQ(rate.outcome, Outcome::undecided);
  EXPECT_EQ(rate.why, "of some records nobody knows when they ended");
  EXPECT_EQ(found.of("success_rate >= 0.2 during fault").outcome, Outcome::hit);
  EXPECT_EQ(found.of("unknown == 0 during fault").outcome, Outcome::undecided);
  EXPECT_EQ(found.of("unknown < 765 during fault").outcome, Outcome::hit);
  EXPECT_EQ(found.of("throughput(acked) > 100/s during fault").outcome, Outcome::hit) << "none of them was acked";
  found.measured.run.acked = 236;
  found.measured.run.unknown = 764;
  EXPECT_EQ(found.of("success_rate < 0.5").outcome, Outcome::hit) << "they are of the run";
}

TEST(Evaluate, a_phase_that_was_not_reached_decides_nothing) {
  Found found;
  const Evaluated never = found.of("acked > 0 during recovery");
  EXPECT_EQ(never.outcome, Outcome::undecided);
  EXPECT_EQ(never.why, "the phase `recovery` was not reached");
}

}  // namespace
}  // namespace coordinator::report
