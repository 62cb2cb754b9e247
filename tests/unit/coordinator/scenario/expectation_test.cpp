#include "coordinator/scenario/expectation.h"

#include <set>

#include <gtest/gtest.h>

#include "coordinator/scenario/condition.h"
#include "coordinator/scenario/metric_table.h"

namespace coordinator::scenario {
namespace {

std::string wrong(const std::string& text) {
  const auto expectation = parse_expectation(text);
  return expectation ? "nothing" : expectation.error().what;
}

TEST(Expectation, is_a_metric_a_comparison_a_value_and_perhaps_a_phase) {
  const auto expectation = parse_expectation(" p99(end_to_end) <= 200ms during steady ");
  ASSERT_TRUE(expectation);
  EXPECT_EQ(expectation->text, "p99(end_to_end) <= 200ms during steady");
  EXPECT_EQ(expectation->metric, "p99(end_to_end)");
  EXPECT_EQ(expectation->comparison, Comparison::at_most);
  EXPECT_EQ(expectation->value, 200e6);
  EXPECT_TRUE(expectation->is_duration);
  EXPECT_EQ(expectation->window, Window::named);
  EXPECT_EQ(expectation->name, "steady");
  EXPECT_EQ(expectation->name_at, 33u);
  EXPECT_FALSE(expectation->after);
}

TEST(Expectation, holds_within_some_time_after_a_phase_or_a_fault) {
  const auto expectation = parse_expectation("lag < 1000 within 60s after recovery");
  ASSERT_TRUE(expectation) << expectation.error().what;
  EXPECT_TRUE(expectation->after);
  EXPECT_EQ(expectation->within, 60 * common::base::kSecond);
  EXPECT_EQ(expectation->name, "recovery");
  EXPECT_EQ(wrong("p99(ack) < 1s within 60s after recovery"),
            "`p99(ack)` has no value at a moment; `within` can be asked of `lag`, `under_replicated`");
  EXPECT_EQ(wrong("lag < 5 within 60 after recovery"), "`within` takes a duration like 60s, not `60`");
  EXPECT_EQ(wrong("lag < 5 within 60s"), "after `within 60s` comes `after NAME`");
  EXPECT_EQ(wrong("lag < 5 within 60s of recovery"), "after `within 60s` comes `after NAME`, not `of recovery`");
  EXPECT_EQ(wrong("lag < 5 within 60s after"), "the name of a phase or a fault is missing here");
}

TEST(Expectation, a_name_is_that_of_a_phase_or_a_fault_and_never_of_both) {
  const std::vector<std::string> phases{"steady", "fault", "kill"};
  const std::vector<std::string> faults{"kill", "kill-leader"};
  const auto window = [&](const std::string& text) {
    auto expectation = parse_expectation(text);
    const auto placed = place(*expectation, phases, faults);
    return placed ? expectation->window == Window::phase ? "phase" : "fault" : placed.error().what;
  };
  EXPECT_EQ(window("acked > 0 during steady"), "phase");
  EXPECT_EQ(window("acked > 0 during fault"), "phase") << "a name like any other, if nothing follows it";
  EXPECT_EQ(window("acked > 0 during kill-leader"), "fault");
  EXPECT_EQ(window("acked > 0 during kill"), "`kill` is a phase and a fault; write `phase kill` or `fault kill`");
  EXPECT_EQ(window("acked > 0 during phase kill"), "phase");
  EXPECT_EQ(window("lag == 0 within 5s after fault kill"), "fault");
  EXPECT_EQ(window("acked > 0 during kill-laeder"),
            "there is no phase or fault `kill-laeder`; did you mean `kill-leader`?");
  EXPECT_EQ(window("acked > 0 during phase kill-leader"), "there is no phase `kill-leader`");
}

TEST(Expectation, tells_at_which_character_it_is_wrong) {
  const auto at = [](const std::string& text) {
    const auto expectation = parse_expectation(text);
    return expectation ? std::string::npos : expectation.error().at;
  };
  EXPECT_EQ(at("p99(ak) < 1s"), 0u);
  EXPECT_EQ(at("  p99(ak) < 1s"), 2u);
  EXPECT_EQ(at("p99(ack) < 1"), 11u);
  EXPECT_EQ(at("p99(ack) < 1s durin steady"), 14u);
  EXPECT_EQ(at("lost = 0"), 5u);
  EXPECT_EQ(at("lag < 5 within 60s of recovery"), 19u);
}

TEST(Expectation, takes_the_unit_of_its_metric_and_no_other) {
  EXPECT_EQ(parse_expectation("sent >= 20k")->value, 20'000);
  EXPECT_EQ(parse_expectation("throughput(acked) > 5k/s")->value, 5'000);
  EXPECT_EQ(parse_expectation("success_rate >= 0.99")->value, 0.99);
  EXPECT_EQ(wrong("max(ack) < 200"), "`max(ack)` is compared with a duration like 200ms, not `200`");
  EXPECT_EQ(wrong("lost == 2s"), "`lost` is compared with a number like 1000 or 20k, not `2s`");
  EXPECT_EQ(wrong("success_rate > 99"), "`success_rate` is compared with a number from 0 to 1, not `99`");
}

TEST(Expectation, names_the_nearest_metric) {
  EXPECT_EQ(wrong("p99(ak) < 1s"), "the metric `p99(ak)` is unknown; did you mean `p99(ack)`?");
  EXPECT_EQ(wrong("duplicate == 0"), "the metric `duplicate` is unknown; did you mean `duplicated`?");
  EXPECT_EQ(wrong("happiness > 3"), "the metric `happiness` is unknown; docs/scenarios.md lists them");
}

TEST(Expectation, is_refused_when_it_is_something_else) {
  EXPECT_EQ(wrong("lost"), "`lost` is not `NAME OP VALUE` with OP one of ==, !=, <, <=, >, >=");
  EXPECT_EQ(wrong("lost = 0"), "`lost = 0` is not `NAME OP VALUE` with OP one of ==, !=, <, <=, >, >=");
  EXPECT_EQ(wrong("acked > 5 in steady"),
            "`in steady` after the value is not `during NAME` or `within DURATION after NAME`");
  EXPECT_EQ(wrong("lost == 0 during fault"),
            "`lost` is measured over the whole run; it cannot be asked `during fault`");
}

TEST(MetricTable, names_are_unique_and_explained) {
  std::set<std::string_view> names;
  for (const Metric& metric : metrics()) {
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    EXPECT_FALSE(metric.meaning.empty()) << metric.name;
  }
}

TEST(Condition, full_is_of_isr_and_brokers) {
  const auto condition = parse_condition("isr == full");
  ASSERT_TRUE(condition);
  EXPECT_TRUE(holds(*condition, 3, 3));
  EXPECT_FALSE(holds(*condition, 2, 3));
  EXPECT_EQ(parse_condition("lag == full").error().what, "`lag` cannot be `full`; only `isr` and `brokers` can");
  EXPECT_EQ(parse_condition("isr >= full").error().what, "`full` goes with `==` only");
}

TEST(Condition, compares_with_a_count) {
  const auto condition = parse_condition("acked >= 1k");
  ASSERT_TRUE(condition);
  EXPECT_FALSE(holds(*condition, 999, 0));
  EXPECT_TRUE(holds(*condition, 1'000, 0));
}

}  // namespace
}  // namespace coordinator::scenario
