// What a workload does beside its work: ten times a second it looks after its client and tells its progress, four times
// a second (kFlush) it flushes its evidence. The workload's thread only.
#pragma once

#include "common/base/clock.h"
#include "common/base/result.h"
#include "workloads/workload.h"

namespace workloads {

class Housekeeping {
 public:
  explicit Housekeeping(evidence::SegmentWriter& evidence) : evidence_(evidence) {}
  common::base::Nanos due_at() const { return due_at_; }
  bool due(common::base::Nanos now) const { return now >= due_at_; }
  // It was done: the next is due 100 ms later. Error (infrastructure): evidence cannot be written.
  common::base::Result<void> done(common::base::Nanos now) {
    due_at_ = now + 100 * common::base::kMillisecond;
    if (now < flush_at_) return {};
    flush_at_ = now + kFlush;
    return evidence_.flush();
  }

 private:
  evidence::SegmentWriter& evidence_;
  common::base::Nanos due_at_ = 0;
  common::base::Nanos flush_at_ = 0;
};

}  // namespace workloads
