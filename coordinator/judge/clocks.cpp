#include "coordinator/judge/clocks.h"

#include <algorithm>

namespace coordinator::judge {

using workloads::evidence::Id;

std::uint64_t clock_of_host(Id host) {
  return (1ULL << 32) | host;
}
std::uint64_t clock_of_producer(Id producer) {
  return (2ULL << 32) | producer;
}
std::uint64_t clock_of_consumer(Id consumer) {
  return (3ULL << 32) | consumer;
}

void Clocks::add(const workloads::evidence::ClockOffset& line) {
  const Hull told{static_cast<Wide>(line.offset_ns) - line.error_ns, static_cast<Wide>(line.offset_ns) + line.error_ns};
  const auto [place, fresh] = hulls_.emplace(clock_of_host(line.host), told);
  if (fresh) return;
  place->second.low = std::min(place->second.low, told.low);
  place->second.high = std::max(place->second.high, told.high);
}

Clocks::Span Clocks::span(const Stamp& stamp) const {
  if (!stamp.told() || hulls_.empty()) return {};
  const auto hull = hulls_.find(stamp.clock);
  if (hull == hulls_.end()) return {};
  return {true, stamp.at - hull->second.high, stamp.at - hull->second.low};
}

bool Clocks::before(const Stamp& a, const Stamp& b) const {
  if (!a.told() || !b.told()) return false;
  if (a.clock == b.clock) return a.at < b.at;
  const Span first = span(a);
  if (!first.known) return false;
  const Span second = span(b);
  return second.known && first.high < second.low;
}

}  // namespace coordinator::judge
