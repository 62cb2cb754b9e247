#include "workloads/latency_seconds.h"

namespace workloads {

void LatencySeconds::roll(std::int64_t second) {
  constexpr double kMs = 1e6;
  p50_ms_ = static_cast<double>(histogram_.quantile(0.50)) / kMs;
  p99_ms_ = static_cast<double>(histogram_.quantile(0.99)) / kMs;
  if (histogram_.count() > 0) {
    evidence_.add(evidence::Latency{.actor = actor_,
                                    .metric = metric_,
                                    .peer = peer_,
                                    .second = second_,
                                    .buckets = histogram_.buckets()});
    histogram_.clear();
  }
  second_ = second;
}

}  // namespace workloads
