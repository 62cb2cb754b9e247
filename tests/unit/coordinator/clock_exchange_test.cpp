#include "coordinator/clock_exchange.h"

#include <gtest/gtest.h>

namespace coordinator {
namespace {

TEST(clock_exchange, quickest_exchange_gives_offset_and_half_its_way_as_error) {
  const ClockExchange slow{0, 1'500, 1'600, 1'100};
  const ClockExchange quick{2'000, 3'050, 3'060, 2'110};
  const auto estimate = estimate_clock({slow, quick});
  ASSERT_TRUE(estimate.has_value());
  EXPECT_EQ(estimate->offset, 1'000);  // (1050 + 950) / 2
  EXPECT_EQ(estimate->error, 51);      // way 100, and one for the rounding
}

TEST(clock_exchange, true_offset_is_inside_even_if_all_of_the_way_was_on_one_side) {
  const Nanos truth = -5'000;
  const ClockExchange there{10'000, 10'000 + truth + 800, 10'000 + truth + 800, 10'800};
  const auto estimate = estimate_clock({there});
  ASSERT_TRUE(estimate.has_value());
  EXPECT_LE(estimate->offset - estimate->error, truth);
  EXPECT_GE(estimate->offset + estimate->error, truth);
}

TEST(clock_exchange, impossible_exchanges_estimate_nothing) {
  EXPECT_FALSE(estimate_clock({}).has_value());
  EXPECT_FALSE(estimate_clock({{10, 5, 6, 9}}).has_value());    // heard before asked
  EXPECT_FALSE(estimate_clock({{10, 5, 60, 20}}).has_value());  // the agent worked longer than we waited
}

TEST(clock_exchange, same_clock_is_possible_only_if_zero_is_within_the_error) {
  EXPECT_TRUE(may_be_same_clock({-40, 50}));
  EXPECT_FALSE(may_be_same_clock({60, 50}));
  EXPECT_EQ(aged({5, 50}, 10 * common::base::kSecond).error, 50 + common::base::kMillisecond);
}

}  // namespace
}  // namespace coordinator
