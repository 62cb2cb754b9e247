#include "coordinator/blast_radius.h"

#include <gtest/gtest.h>

namespace coordinator {
namespace {

Observation with_isr(std::vector<std::int64_t> isr) {
  Observation seen;
  seen.partitions["orders-0"] = {1, std::move(isr), {1, 2, 3}, 0, 10};
  return seen;
}

TEST(blast_radius, one_broker_of_three_in_sync_is_survived) {
  EXPECT_TRUE(check_blast_radius({2, {}, {{"orders", 2}}}, with_isr({1, 2, 3})).has_value());
}

TEST(blast_radius, second_broken_broker_would_fall_below_min_insync_replicas) {
  const auto refused = check_blast_radius({2, {3}, {{"orders", 2}}}, with_isr({1, 2, 3}));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().what, "orders-0 would have 1 in-sync replicas, min.insync.replicas is 2");
}

TEST(blast_radius, isr_that_is_not_whole_is_not_made_smaller) {
  const auto refused = check_blast_radius({2, {}, {{"orders", 1}}}, with_isr({1, 2}));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().what, "orders-0 has only 2 of 3 replicas in sync already");
}

TEST(blast_radius, broker_that_no_partition_relies_on_may_go) {
  EXPECT_TRUE(check_blast_radius({4, {}, {{"orders", 3}}}, with_isr({1, 2, 3})).has_value());
}

}  // namespace
}  // namespace coordinator
