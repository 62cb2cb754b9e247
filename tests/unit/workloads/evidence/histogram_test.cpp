#include "workloads/evidence/histogram.h"

#include <gtest/gtest.h>

#include "common/base/random.h"

namespace workloads::evidence {
namespace {

TEST(histogram, every_value_of_int64_lies_between_the_bounds_of_its_bucket) {
  common::base::Random random(1);
  std::vector<std::int64_t> values{INT64_MIN, INT64_MIN + 1, -1001,   -1000,   -1,       0,
                                   999,       1000,          127'999, 128'000, INT64_MAX};
  for (int i = 0; i < 100'000; ++i) values.push_back(static_cast<std::int64_t>(random.next()) >> random.below(64));
  for (const auto ns : values) {
    const std::int32_t bucket = Histogram::bucket_of(ns);
    ASSERT_LE(Histogram::lower_bound_of(bucket), ns) << bucket;
    ASSERT_GE(Histogram::upper_bound_of(bucket), ns) << bucket;
    ASSERT_EQ(Histogram::bucket_of(~ns), ~bucket) << "negatives are mirrored";
  }
  EXPECT_EQ(Histogram::bucket_of(INT64_MAX), Histogram::kLastBucket);
}

TEST(histogram, buckets_join_without_gap_and_err_by_less_than_one_in_64) {
  for (std::int32_t bucket = -1 - Histogram::kLastBucket; bucket < Histogram::kLastBucket; ++bucket)
    ASSERT_EQ(Histogram::upper_bound_of(bucket) + 1, Histogram::lower_bound_of(bucket + 1)) << bucket;
  for (std::int32_t bucket = 64; bucket < Histogram::kLastBucket; ++bucket) {
    const auto low = static_cast<double>(Histogram::lower_bound_of(bucket));
    ASSERT_LE((static_cast<double>(Histogram::upper_bound_of(bucket)) - low) / low, 1.0 / 64) << bucket;
  }
}

TEST(histogram, merging_loses_nothing) {
  common::base::Random random(2);
  Histogram all, one, other;
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t ns = static_cast<std::int64_t>(random.exponential(3e6)) - 100'000;
    all.record(ns);
    (i % 3 == 0 ? one : other).record(ns);
  }
  one.merge(other);
  EXPECT_EQ(one.buckets(), all.buckets());
  EXPECT_EQ(one.count(), 10'000);
  Histogram from_buckets;
  from_buckets.merge(all.buckets());
  EXPECT_EQ(from_buckets.buckets(), all.buckets());
  for (const double q : {0.0, 0.5, 0.99, 1.0}) EXPECT_EQ(from_buckets.quantile(q), all.quantile(q));
}

TEST(histogram, quantiles_are_those_of_the_values) {
  Histogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), 0);
  for (int us = 1; us <= 100; ++us) histogram.record(us * 1000);
  EXPECT_EQ(histogram.quantile(0.50), 50'999);
  EXPECT_EQ(histogram.quantile(0.99), 99'999);
  EXPECT_EQ(histogram.quantile(1.0), 100'999);
  EXPECT_EQ(histogram.quantile(0.0), 1'999);
  histogram.record(-5'000'000);
  EXPECT_LT(histogram.quantile(0.0), -4'900'000);
  EXPECT_EQ(histogram.buckets().front().first, Histogram::bucket_of(-5'000'000));
  histogram.clear();
  EXPECT_EQ(histogram.count(), 0);
  EXPECT_TRUE(histogram.buckets().empty());
}

}  // namespace
}  // namespace workloads::evidence
