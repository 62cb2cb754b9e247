#include "workloads/kafka/offsets_told.h"

#include <gtest/gtest.h>

namespace workloads::kafka {

TEST(OffsetsTold, what_a_broker_told_is_believed) {
  OffsetsTold offsets;
  EXPECT_EQ(offsets.told(0, 0), 0);
  EXPECT_EQ(offsets.told(0, 1), 1);
  EXPECT_EQ(offsets.told(7, 0), 0);
}

TEST(OffsetsTold, a_batch_without_an_offset_tells_none_for_any_of_its_records) {
  OffsetsTold offsets;
  EXPECT_EQ(offsets.told(0, 41), 41);
  for (std::int64_t counted = -1; counted < 20; ++counted) EXPECT_EQ(offsets.told(0, counted), -1) << counted;
  EXPECT_EQ(offsets.told(0, 62), 62);
  for (std::int64_t counted = -1001; counted < 500; ++counted) EXPECT_EQ(offsets.told(0, counted), -1) << counted;
}

TEST(OffsetsTold, another_partition_between_them_does_not_matter) {
  OffsetsTold offsets;
  EXPECT_EQ(offsets.told(0, -1), -1);
  EXPECT_EQ(offsets.told(1, 0), 0);
  EXPECT_EQ(offsets.told(0, 0), -1);
  EXPECT_EQ(offsets.told(1, 1), 1);
}

}  // namespace workloads::kafka
