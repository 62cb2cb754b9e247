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
  EXPECT_EQ(expectation->phase, "steady");
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
  EXPECT_EQ(wrong("acked > 5 in steady"), "`in steady` after the value is not `during PHASE`");
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
