// What the author of a scenario accepts, and where a mistake in it stands.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/scenario/scenario.h"

namespace coordinator::scenario {
namespace {

std::string text_with(const std::string& rest) {
  return "scenario: s\ntopics: [{name: orders}]\nworkloads: [{name: writer, kind: produce, topic: orders}]\n"
         "phases: [{name: steady, steps: [{wait: 1s}]}]\n" +
         rest;
}

std::string told(const std::string& rest) {
  const auto scenario = parse_scenario(text_with(rest), "s.yaml");
  return scenario ? "nothing" : scenario.error().what;
}

TEST(Waiver, names_a_finding_and_a_reason) {
  const auto scenario =
      parse_scenario(text_with("waive: [{finding: duplicated, because: the bridge re-sends}]\n"), "s.yaml");
  ASSERT_TRUE(scenario) << scenario.error().what;
  const auto plan = make_plan(*scenario, {}, {{1, 2, 3}}, "r", 1);
  ASSERT_TRUE(plan);
  const auto again = plan_from(to_json(*plan));
  ASSERT_TRUE(again) << again.error().what;
  ASSERT_EQ(again->waivers.size(), 1u);
  EXPECT_EQ(again->waivers[0].finding, "duplicated");
  EXPECT_EQ(again->waivers[0].because, "the bridge re-sends");
}

TEST(Waiver, is_read_strictly) {
  EXPECT_EQ(told("waive: [{finding: duplicate, because: x}]\n"),
            "s.yaml:5:19: there is no finding `duplicate`; did you mean `duplicated`?");
  EXPECT_EQ(told("waive: [{finding: lost, because: '  '}]\n"),
            "s.yaml:5:34: `because` says why, for whoever reads the report");
  EXPECT_EQ(told("waive: [{finding: unread, because: x}]\n"),
            "s.yaml:5:19: `unread` is no violation but undecided: there is nothing to waive");
  EXPECT_NE(told("waive: [{finding: lost}]\n").find("lacks `because`"), std::string::npos);
  EXPECT_NE(told("waive: [duplicated]\n").find("s.yaml:5:9: "), std::string::npos);
  EXPECT_NE(told("waive: [{finding: lost, because: x}, {finding: lost, because: y}]\n").find("two waivers"),
            std::string::npos);
}

TEST(Expectation, a_mistake_in_it_stands_at_its_own_column) {
  EXPECT_EQ(told("expect: [p99(ack) < 1]\n"),
            "s.yaml:5:21: `p99(ack)` is compared with a duration like 200ms, not `1`");
  EXPECT_EQ(told("expect: [\"acked > 0 during stedy\"]\n"),
            "s.yaml:5:28: there is no phase or fault `stedy`; did you mean `steady`?");
  // Where a parameter stands in it, the file has no column for it.
  EXPECT_EQ(told("parameters: {most: '1'}\nexpect: ['p99(ack) < ${most}']\n"),
            "s.yaml:6:10: `p99(ack)` is compared with a duration like 200ms, not `1` (character 12 of `p99(ack) < 1`)");
}

}  // namespace
}  // namespace coordinator::scenario
