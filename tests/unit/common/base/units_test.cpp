#include "common/base/units.h"

#include <gtest/gtest.h>

namespace common::base {
namespace {

TEST(units, quantities_need_their_unit) {
  EXPECT_EQ(*parse_duration("1.5s"), 1'500'000'000);
  EXPECT_EQ(*parse_duration("200ms"), 200'000'000);
  EXPECT_EQ(*parse_bytes("64KiB"), 65536);
  EXPECT_EQ(*parse_rate("20k/s"), 20'000.0);
  EXPECT_EQ(*parse_count("20k"), 20'000);
  for (const char* wrong : {"5", "ms", "-1s", "1 s", "", "nan s", "1e99h"})
    EXPECT_TRUE(parse_duration(wrong).has_error()) << wrong;
  EXPECT_EQ(parse_rate("20k").error().what, "`20k` is not one of the forms 500/s, 20k/s, 1.5M/s");
}

TEST(units, text_has_three_significant_digits) {
  EXPECT_EQ(duration_text(7'421'000'000), "7.42 s");
  EXPECT_EQ(duration_text(12'340'000), "12.3 ms");
  EXPECT_EQ(duration_text(-850'000), "-850 us");
  EXPECT_EQ(duration_text(150 * kSecond), "2 min 30 s");
  EXPECT_EQ(count_text(1234567), "1,234,567");
  EXPECT_EQ(count_text(-999), "-999");
  EXPECT_EQ(rate_text(19'800), "19.8k/s");
}

}  // namespace
}  // namespace common::base
