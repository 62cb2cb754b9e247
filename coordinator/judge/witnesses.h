// Finds the lines that prove a finding: which delivery handed over an offset. Sorted by offset on first use, so that
// 10^6 anomalies cost 10^6 searches and not 10^6 walks, and a clean partition nothing. Looks back a bounded number of
// runs: a witness that is not found is left out. Not thread-safe; one per partition case.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/judge/view.h"

namespace coordinator::judge {

class Witnesses {
 public:
  // `view` is the one that every call is given, at whatever address it then lives.
  // A delivery of that record, intact or not, at that offset, by the reader; null if there is none nearby.
  const Delivery* handed(const View& view, std::size_t reader, std::int32_t source, std::int64_t offset,
                         bool intact = true);
  // The same by any reader; `by` tells which one.
  const Delivery* handed(const View& view, std::int32_t source, std::int64_t offset, const Reader*& by,
                         bool intact = true);
  std::int64_t line(const View& view, std::int32_t source, std::int64_t offset);  // 0: none
  // The stretches (view.h) in which the reader was handed that record there, intact.
  std::vector<std::int32_t> stretches(const View& view, std::size_t reader, const LogRun& run);
  // The lowest delivery beyond the offset; null: none.
  const Delivery* beyond(const View& view, std::size_t reader, std::int64_t offset);

 private:
  const std::vector<std::int32_t>& sorted(const View& view, std::size_t reader);
  std::vector<std::vector<std::int32_t>> by_offset_;  // of each reader: indices of its deliveries
};

}  // namespace coordinator::judge
