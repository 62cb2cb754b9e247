// Which offsets of delivery reports a broker told. librdkafka counts up from the offset of the whole batch even where
// there is none (rd_kafka_msgq_set_metadata): behind -1, or far enough behind -1001, stand 0, 1, 2, ... as if they were
// offsets. One per producer, on the thread that polls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace workloads::kafka {

class OffsetsTold {
 public:
  // `offset` of the next report of a delivered record of `partition`; -1 if nobody told it.
  std::int64_t told(std::int32_t partition, std::int64_t offset) {
    const auto at = static_cast<std::size_t>(partition);
    if (at >= untold_.size()) untold_.resize(at + 1, kNone);
    const bool known = offset >= 0 && offset != untold_[at];
    untold_[at] = known ? kNone : offset + 1;
    return known ? offset : -1;
  }

 private:
  static constexpr std::int64_t kNone = -1'000'000'000;
  std::vector<std::int64_t> untold_;  // by partition: what a batch without an offset goes on with
};

}  // namespace workloads::kafka
