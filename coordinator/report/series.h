// What a run looked like over time, in at most 1,000 points: throughput, errors, retries, lag and latency. For the
// report's JSON, and whoever draws it. Memory grows with points, not with messages. Pure; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "coordinator/report/measurements.h"

namespace coordinator::report {

class SeriesRecorder {
 public:
  SeriesRecorder(common::base::Nanos begin, common::base::Nanos end);

  // The point of that time, for adding to its counts.
  SeriesPoint& at(common::base::Nanos moment);
  // A client's count of its retries since it began.
  void retries(workloads::evidence::Id client, common::base::Nanos moment, std::int64_t so_far);
  Series take() { return std::move(series_); }

 private:
  Series series_;
  std::map<workloads::evidence::Id, std::int64_t> retries_;
};

}  // namespace coordinator::report
