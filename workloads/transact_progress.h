// What a `transact` task tells while it goes on: sums over its incarnations. tell() on the workload's thread, json() on
// any.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "workloads/transact_incarnation.h"

namespace workloads {

class TransactProgress {
 public:
  explicit TransactProgress(std::int64_t partitions) : acked_to_(static_cast<std::size_t>(partitions)) {}

  void begun();  // an incarnation
  void tell(const TransactIncarnation& now, common::base::Nanos at);
  void ended();  // it: what it told last stays
  nlohmann::json json(bool processes) const;

 private:
  struct Sums {
    std::int64_t sent = 0, acked = 0, refused = 0, unknown = 0, delivered = 0, foreign = 0, corrupt = 0;
    TransactIncarnation::Ended transactions;
  };

  mutable std::mutex mutex_;  // guards all of this
  Sums past_;
  Sums sums_;
  std::int64_t in_flight_ = 0;
  std::int64_t incarnations_ = 0;
  bool ready_ = false;
  std::vector<std::int64_t> acked_to_;
  std::map<std::int32_t, std::int64_t> positions_;
  double ack_p50_ms_ = 0, ack_p99_ms_ = 0, read_p50_ms_ = 0, read_p99_ms_ = 0, rate_ = 0;
  common::base::Nanos rate_at_ = 0;
  std::int64_t rate_acked_ = 0;
};

}  // namespace workloads
