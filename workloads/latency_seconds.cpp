#include "workloads/latency_seconds.h"

#include <utility>

namespace workloads {

double quantile_ms(const evidence::Histogram& histogram, double q) {
  return static_cast<double>(histogram.quantile(q)) / 1e6;
}

void LatencySeconds::roll(std::int64_t second) {
  if (histogram_.count() > 0)
    evidence_.add(evidence::Latency{
        .actor = actor_, .metric = metric_, .peer = peer_, .second = second_, .buckets = histogram_.buckets()});
  std::swap(last_, histogram_);
  histogram_.clear();
  second_ = second;
}

}  // namespace workloads
