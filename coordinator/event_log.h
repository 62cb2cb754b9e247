// What happened when, for people: events.ndjson of a run, one JSON object a line: {"at": ns on the coordinator's
// monotonic clock, "wall", "what", fields...}. Any thread may add. A line that cannot be written (disk full) is
// missing: evidence and verdict do not depend on this file.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace coordinator {

class EventLog {
 public:
  explicit EventLog(std::string path) : path_(std::move(path)) {}
  void add(std::string_view what, std::initializer_list<std::pair<std::string_view, std::string>> fields = {});

 private:
  std::mutex mutex_;
  std::string path_;
};

// Whole lines from line number `from` (0 is the first), at most `limit` of them.
common::base::Result<std::vector<std::string>> read_events(const std::string& path, std::int64_t from,
                                                           std::size_t limit);

}  // namespace coordinator
