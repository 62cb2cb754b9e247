// Latency from a message's intended send time to its delivery, per producer (the report knows each one's host and
// corrects for its clock). Owned by one workload's thread.
#pragma once

#include <map>
#include <memory>

#include "workloads/latency_seconds.h"

namespace workloads {

class EndToEnd {
 public:
  EndToEnd(evidence::SegmentWriter& evidence, evidence::Id actor) : evidence_(evidence), actor_(actor) {}

  void record(evidence::Id producer, common::base::Nanos intended_at, common::base::Nanos at) {
    if (producer != last_producer_) {
      auto& entry = by_producer_[producer];
      if (entry == nullptr) entry = std::make_unique<LatencySeconds>(evidence_, actor_, "end_to_end", producer);
      last_ = entry.get();
      last_producer_ = producer;
    }
    last_->record(at, at - intended_at);
  }
  void tick(common::base::Nanos at) {
    for (auto& [producer, latency] : by_producer_) latency->tick(at);
  }
  void close() {
    for (auto& [producer, latency] : by_producer_) latency->close();
  }
  evidence::Histogram last_second() const {
    evidence::Histogram all;
    for (const auto& [producer, latency] : by_producer_) all.merge(latency->last_second());
    return all;
  }

 private:
  evidence::SegmentWriter& evidence_;
  evidence::Id actor_;
  std::map<evidence::Id, std::unique_ptr<LatencySeconds>> by_producer_;
  evidence::Id last_producer_ = evidence::kNoId;
  LatencySeconds* last_ = nullptr;
};

}  // namespace workloads
