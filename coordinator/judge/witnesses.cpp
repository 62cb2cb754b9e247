#include "coordinator/judge/witnesses.h"

#include <algorithm>
#include <numeric>

namespace coordinator::judge {

namespace {
constexpr int kMostSteps = 64;
}

const std::vector<std::int32_t>& Witnesses::sorted(const View& view, std::size_t reader) {
  by_offset_.resize(view.readers.size());
  std::vector<std::int32_t>& order = by_offset_[reader];
  const std::vector<Delivery>& deliveries = view.readers[reader].deliveries;
  if (!order.empty() || deliveries.empty()) return order;
  order.resize(deliveries.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int32_t a, std::int32_t b) { return deliveries[a].offset < deliveries[b].offset; });
  return order;
}

const Delivery* Witnesses::handed(const View& view, std::size_t reader, std::int32_t source, std::int64_t offset,
                                  bool intact) {
  const std::vector<std::int32_t>& order = sorted(view, reader);
  const std::vector<Delivery>& deliveries = view.readers[reader].deliveries;
  auto at = std::upper_bound(order.begin(), order.end(), offset,
                             [&](std::int64_t o, std::int32_t i) { return o < deliveries[i].offset; });
  for (int step = 0; step < kMostSteps && at != order.begin(); ++step) {
    const Delivery& d = deliveries[*--at];
    if (d.intact == intact && d.source == source && offset < d.end()) return &d;
  }
  return nullptr;
}

std::vector<std::int32_t> Witnesses::stretches(const View& view, std::size_t reader, const LogRun& run) {
  std::vector<std::int32_t> found;
  const std::vector<std::int32_t>& order = sorted(view, reader);
  const std::vector<Delivery>& deliveries = view.readers[reader].deliveries;
  auto at = std::upper_bound(order.begin(), order.end(), run.offset,
                             [&](std::int64_t o, std::int32_t i) { return o < deliveries[i].offset; });
  for (int step = 0; step < kMostSteps && at != order.begin(); ++step) {
    const Delivery& d = deliveries[*--at];
    if (d.intact && d.source == run.source && d.sequence - d.offset == run.sequence - run.offset &&
        run.offset < d.end())
      found.push_back(d.stretch);
  }
  return found;
}

const Delivery* Witnesses::handed(const View& view, std::int32_t source, std::int64_t offset, const Reader*& by,
                                  bool intact) {
  for (std::size_t i = 0; i < view.readers.size(); ++i) {
    const Delivery* found = handed(view, i, source, offset, intact);
    if (found == nullptr) continue;
    by = &view.readers[i];
    return found;
  }
  return nullptr;
}

std::int64_t Witnesses::line(const View& view, std::int32_t source, std::int64_t offset) {
  const Reader* by = nullptr;
  const Delivery* found = handed(view, source, offset, by);
  return found == nullptr ? 0 : found->line;
}

const Delivery* Witnesses::beyond(const View& view, std::size_t reader, std::int64_t offset) {
  const std::vector<std::int32_t>& order = sorted(view, reader);
  const std::vector<Delivery>& deliveries = view.readers[reader].deliveries;
  const auto at = std::upper_bound(order.begin(), order.end(), offset,
                                   [&](std::int64_t o, std::int32_t i) { return o < deliveries[i].offset; });
  return at == order.end() ? nullptr : &deliveries[*at];
}

}  // namespace coordinator::judge
