// Latency histogram: log-linear buckets, 64 per power of two (error < 1.6 %), from 1 us to beyond 1 h, negatives
// mirrored and kept. Sparse to store, lossless to merge (counts add). Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace workloads::evidence {

class Histogram {
 public:
  static std::int32_t bucket_of(std::int64_t ns);
  static std::int64_t upper_bound_of(std::int32_t bucket);  // ns, the largest value that falls into it
  static std::int64_t lower_bound_of(std::int32_t bucket);

  void record(std::int64_t ns, std::int64_t count = 1);
  void merge(const Histogram& other);
  void merge(const std::vector<std::pair<std::int32_t, std::int64_t>>& buckets);
  std::vector<std::pair<std::int32_t, std::int64_t>> buckets() const;
  void clear();

  std::int64_t count() const { return count_; }
  // The value at quantile 0..1 (upper bound of its bucket); 0 if empty. 1.0 is the maximum's bucket.
  std::int64_t quantile(double q) const;

 private:
  std::map<std::int32_t, std::int64_t> counts_;
  std::int64_t count_ = 0;
};

}  // namespace workloads::evidence
