// The self-test finds every mutation in the shipped evidence, and is no test that cannot fail: a judge that overlooks,
// and one that says more than was planted, would be told.
#include "coordinator/selftest/selftest.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/selftest/edits.h"
#include "coordinator/selftest/shipped.h"

namespace coordinator::selftest {
namespace {

std::vector<Recording> recordings() {
  auto shipped = shipped_recordings();
  EXPECT_TRUE(shipped.has_value()) << (shipped ? "" : shipped.error().what);
  EXPECT_FALSE(shipped->empty());
  return std::move(*shipped);
}

Outcome run(const std::vector<Mutation>& table, std::uint64_t seed = 7) {
  auto outcome = run_selftest(recordings(), table, {.seed = seed, .trials = 1});
  EXPECT_TRUE(outcome.has_value()) << (outcome ? "" : outcome.error().what);
  return std::move(*outcome);
}

std::optional<Planted> only_said(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::middle, {}});
  return Planted{"nothing, but a loss is claimed", {found(records)}};
}
std::optional<Planted> not_said(Recording& recording, Random& random) {
  remove_from_log(recording, some_records(recording, random, {1, Region::middle, {}}).front());
  return Planted{"a loss, but none is claimed", {}};
}
std::optional<Planted> nowhere(Recording&, Random&) {
  return std::nullopt;
}

TEST(selftest, every_mutation_is_found_under_its_name_with_its_ids_and_nothing_else) {
  const Outcome outcome = run(mutations());
  EXPECT_TRUE(outcome.passed()) << outcome_text(outcome);
  EXPECT_EQ(outcome.rows.size(), mutations().size() + 1);
}

TEST(selftest, a_defect_that_is_not_found_is_a_miss) {
  const Outcome outcome = run({{"overlooked", judge::Kind::lost, judge::Severity::violation, only_said}});
  EXPECT_FALSE(outcome.passed());
  ASSERT_FALSE(outcome.rows[1].misses.empty());
  EXPECT_EQ(outcome.rows[1].found, 0);
  ASSERT_EQ(outcome.rows[1].misses[0].expected.size(), 1u);
  EXPECT_EQ(outcome.rows[1].misses[0].expected[0].find("lost [violation]"), 0u);
}

TEST(selftest, a_finding_that_was_not_planted_is_a_miss) {
  const Outcome outcome = run({{"invented", {}, judge::Severity::allowed, not_said}});
  EXPECT_FALSE(outcome.passed());
  ASSERT_FALSE(outcome.rows[1].misses.empty());
  EXPECT_TRUE(outcome.rows[1].misses[0].expected.empty());
  EXPECT_FALSE(outcome.rows[1].misses[0].got.empty());
}

TEST(selftest, the_same_defect_with_another_severity_is_a_miss) {
  EXPECT_FALSE(run({{"milder", judge::Kind::lost, judge::Severity::allowed, drop_in_the_middle}}).passed());
}

TEST(selftest, a_mutation_that_finds_no_place_proves_nothing) {
  const Outcome outcome = run({{"nowhere", judge::Kind::lost, judge::Severity::violation, nowhere}});
  EXPECT_FALSE(outcome.passed());
  EXPECT_NE(outcome_text(outcome).find("NO PLACE"), std::string::npos);
}

TEST(selftest, a_seed_plants_the_same_again_and_another_one_elsewhere) {
  const std::vector<Mutation> table = {{"overlooked", judge::Kind::lost, judge::Severity::violation, only_said}};
  const auto rows = [&](std::uint64_t seed) { return to_json(run(table, seed))["rows"]; };
  EXPECT_EQ(rows(3), rows(3));
  EXPECT_NE(rows(3), rows(4));
}

}  // namespace
}  // namespace coordinator::selftest
