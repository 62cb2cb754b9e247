// Latency histogram: log-linear buckets, 1 us wide up to 64 us and then 64 per power of two (error < 1.6 %), over all
// of int64, so nothing is clipped; negatives are mirrored and kept. Sparse to store, lossless to merge (counts add), a
// few ns to record. Not thread-safe.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace workloads::evidence {

class Histogram {
 public:
  using Buckets = std::vector<std::pair<std::int32_t, std::int64_t>>;  // (bucket, count), ascending

  static constexpr std::int32_t kLastBucket = 3073;  // holds INT64_MAX; the first is -1 - kLastBucket

  static std::int32_t bucket_of(std::int64_t ns);
  static std::int64_t upper_bound_of(std::int32_t bucket);  // ns, the largest value that falls into it
  static std::int64_t lower_bound_of(std::int32_t bucket);

  void record(std::int64_t ns, std::int64_t count = 1);
  void merge(const Histogram& other);
  void merge(const Buckets& buckets);
  Buckets buckets() const;
  void clear();

  std::int64_t count() const { return count_; }
  // The value at quantile 0..1 (upper bound of its bucket); 0 if empty. 1.0 is the maximum's bucket.
  std::int64_t quantile(double q) const;

 private:
  void add(std::int32_t bucket, std::int64_t count);

  std::vector<std::int64_t> positive_;  // by bucket; as long as its highest bucket needs
  std::vector<std::int64_t> negative_;  // by -1 - bucket
  std::int64_t count_ = 0;
};

}  // namespace workloads::evidence
