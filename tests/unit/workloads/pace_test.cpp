#include "workloads/pace.h"

#include <gtest/gtest.h>

namespace workloads {
namespace {

using common::base::kMillisecond;
using common::base::kSecond;

TEST(pace, intended_times_do_not_depend_on_when_messages_are_sent) {
  const Pace pace(5 * kSecond, 1000);
  EXPECT_EQ(pace.intended(0, 0), 5 * kSecond);
  EXPECT_EQ(pace.intended(1500, 99 * kSecond), 6 * kSecond + 500 * kMillisecond);
}

TEST(pace, a_late_sender_has_everything_missed_to_catch_up_with) {
  const Pace pace(0, 1000);
  EXPECT_EQ(pace.due(0, 0, 1'000'000), 1);
  EXPECT_EQ(pace.due(1, 999'999, 1'000'000), 0);
  EXPECT_EQ(pace.due(10, 3 * kSecond, 1'000'000), 2991);
  EXPECT_EQ(pace.due(10, 3 * kSecond, 500), 500);
}

TEST(pace, a_closed_loop_is_always_due_and_means_now) {
  const Pace pace(0, 0);
  EXPECT_EQ(pace.due(123, 7, 500), 500);
  EXPECT_EQ(pace.intended(123, 7), 7);
}

TEST(pace, after_days_a_message_is_still_meant_for_its_microsecond) {
  const Pace pace(0, 3'000'000.0 / 7);
  const std::int64_t number = std::int64_t{3'000'000} * 86'400;  // seven days of it
  EXPECT_NEAR(static_cast<double>(pace.intended(number, 0)), 7.0 * 86'400 * 1e9, 1000);
}

}  // namespace
}  // namespace workloads
