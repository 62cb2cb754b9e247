#include "workloads/evidence/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "common/base/assert.h"

namespace workloads::evidence {
namespace {

constexpr int kSubBits = 6;            // 64 buckets per power of two
constexpr std::uint64_t kUnit = 1000;  // ns: a finer latency is noise of the clock calls themselves

// Below 128 us the formula is the identity: bucket = us.
std::int32_t positive_bucket(std::uint64_t ns) {
  const std::uint64_t us = ns / kUnit;
  const int shift = std::max(0, static_cast<int>(std::bit_width(us)) - 1 - kSubBits);
  return static_cast<std::int32_t>((std::int64_t{shift} << kSubBits) + static_cast<std::int64_t>(us >> shift));
}

// The smallest value (ns) of a bucket >= 0, without the limit of int64.
std::uint64_t first_of(std::int32_t bucket) {
  const int shift = std::max(0, (bucket >> kSubBits) - 1);
  return (static_cast<std::uint64_t>(bucket - shift * (1 << kSubBits)) << shift) * kUnit;
}

}  // namespace

std::int32_t Histogram::bucket_of(std::int64_t ns) {
  return ns >= 0 ? positive_bucket(static_cast<std::uint64_t>(ns)) : ~positive_bucket(static_cast<std::uint64_t>(~ns));
}

std::int64_t Histogram::lower_bound_of(std::int32_t bucket) {
  if (bucket < 0) return ~upper_bound_of(~bucket);
  FIREDRILL_ASSERT(bucket <= kLastBucket);
  return static_cast<std::int64_t>(first_of(bucket));
}

std::int64_t Histogram::upper_bound_of(std::int32_t bucket) {
  if (bucket < 0) return ~lower_bound_of(~bucket);
  FIREDRILL_ASSERT(bucket <= kLastBucket);
  return bucket == kLastBucket ? INT64_MAX : static_cast<std::int64_t>(first_of(bucket + 1) - 1);
}

void Histogram::add(std::int32_t bucket, std::int64_t count) {
  auto& counts = bucket >= 0 ? positive_ : negative_;
  const auto index = static_cast<std::size_t>(bucket >= 0 ? bucket : ~bucket);
  FIREDRILL_ASSERT(index <= static_cast<std::size_t>(kLastBucket));
  if (index >= counts.size()) counts.resize(index + 1);
  counts[index] += count;
  count_ += count;
}

void Histogram::record(std::int64_t ns, std::int64_t count) {
  add(bucket_of(ns), count);
}

void Histogram::merge(const Histogram& other) {
  merge(other.buckets());
}

void Histogram::merge(const Buckets& buckets) {
  for (const auto& [bucket, count] : buckets) add(bucket, count);
}

Histogram::Buckets Histogram::buckets() const {
  Buckets found;
  for (std::size_t i = negative_.size(); i-- > 0;)
    if (negative_[i] != 0) found.emplace_back(~static_cast<std::int32_t>(i), negative_[i]);
  for (std::size_t i = 0; i < positive_.size(); ++i)
    if (positive_[i] != 0) found.emplace_back(static_cast<std::int32_t>(i), positive_[i]);
  return found;
}

void Histogram::clear() {
  std::fill(positive_.begin(), positive_.end(), 0);
  std::fill(negative_.begin(), negative_.end(), 0);
  count_ = 0;
}

std::int64_t Histogram::quantile(double q) const {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<std::int64_t>(std::ceil(std::clamp(q, 0.0, 1.0) * static_cast<double>(count_)));
  const std::int64_t rank = std::clamp<std::int64_t>(wanted, 1, count_);
  std::int64_t seen = 0;
  std::int64_t value = 0;
  for (const auto& [bucket, count] : buckets()) {
    value = upper_bound_of(bucket);
    seen += count;
    if (seen >= rank) break;
  }
  return value;
}

}  // namespace workloads::evidence
