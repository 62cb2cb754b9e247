// Latencies of one metric, a histogram a second, as Latency events. Owned by one workload's thread.
#pragma once

#include <cstdint>

#include "common/base/clock.h"
#include "workloads/evidence/histogram.h"
#include "workloads/evidence/segment_writer.h"

namespace workloads {

// A quantile in ms, for people and progress.
double quantile_ms(const evidence::Histogram& histogram, double q);

class LatencySeconds {
 public:
  LatencySeconds(evidence::SegmentWriter& evidence, evidence::Id actor, std::string_view metric,
                 evidence::Id peer = evidence::kNoId)
      : evidence_(evidence), actor_(actor), metric_(evidence.names().intern(metric)), peer_(peer) {}

  void record(common::base::Nanos at, common::base::Nanos latency) {
    if (const std::int64_t second = at / common::base::kSecond; second != second_) roll(second);
    histogram_.record(latency);
  }
  // Writes the open second down when `at` lies beyond it: called also while nothing is recorded.
  void tick(common::base::Nanos at) {
    if (at / common::base::kSecond != second_) roll(at / common::base::kSecond);
  }
  void close() { roll(second_); }

  const evidence::Histogram& last_second() const { return last_; }

 private:
  void roll(std::int64_t second);

  evidence::SegmentWriter& evidence_;
  evidence::Id actor_;
  evidence::Id metric_;
  evidence::Id peer_;
  std::int64_t second_ = 0;
  evidence::Histogram histogram_;
  evidence::Histogram last_;
};

}  // namespace workloads
