// A SegmentWriter that keeps events as they were added, for tests of those who write evidence.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "workloads/evidence/segment_writer.h"

namespace workloads {

class Recorded final : public evidence::SegmentWriter {
 public:
  evidence::Names& names() override { return names_; }
  void add(const evidence::Event& event) override { events.push_back(event); }
  common::base::Result<void> flush() override {
    if (disk_full) return common::base::fail(common::base::ErrorKind::infrastructure, "the disk is full");
    flushed = events.size();
    return {};
  }
  common::base::Result<void> close() override { return flush(); }
  std::size_t open_bytes() const override { return 0; }
  std::int64_t written_bytes() const override { return 0; }

  template <typename Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const auto& event : events)
      if (const Kind* one = std::get_if<Kind>(&event)) found.push_back(*one);
    return found;
  }

  std::vector<evidence::Event> events;
  std::size_t flushed = 0;  // how many of them are on disk
  bool disk_full = false;

 private:
  evidence::Names names_;
};

}  // namespace workloads
