#include "coordinator/report/clock_map.h"

#include <algorithm>

namespace coordinator::report {

using common::base::Nanos;
using workloads::evidence::kNoId;
using workloads::evidence::kNoTime;

void ClockMap::add(const workloads::evidence::ClockOffset& told) {
  const Interval interval{told.offset_ns - told.error_ns, told.offset_ns + told.error_ns};
  const auto [entry, first] = offsets_.try_emplace(told.host, interval);
  if (first) return;
  entry->second.low = std::min(entry->second.low, interval.low);
  entry->second.high = std::max(entry->second.high, interval.high);
}

void ClockMap::place(Id actor, Id host) {
  hosts_[actor] = host;
}

ClockMap::Id ClockMap::host_of(Id actor) const {
  const auto entry = hosts_.find(actor);
  return entry == hosts_.end() ? kNoId : entry->second;
}

Nanos ClockMap::offset(Id host) const {
  const auto entry = offsets_.find(host);
  return entry == offsets_.end() ? 0 : (entry->second.low + entry->second.high) / 2;
}

Nanos ClockMap::on_host(Id host, Nanos at) const {
  return at == kNoTime ? kNoTime : at - offset(host);
}

Nanos ClockMap::correction(Id from, Id to) const {
  return from == to ? 0 : offset(from) - offset(to);
}

std::optional<Nanos> ClockMap::error(Id from, Id to) const {
  if (from == to) return 0;
  const auto first = offsets_.find(from);
  const auto second = offsets_.find(to);
  if (first == offsets_.end() || second == offsets_.end()) return std::nullopt;
  return (first->second.high - first->second.low) / 2 + (second->second.high - second->second.low) / 2;
}

std::optional<Nanos> ClockMap::error_among(const std::set<Id>& hosts) const {
  Nanos largest = 0;
  for (const Id from : hosts) {
    for (const Id to : hosts) {
      if (from >= to) continue;
      const auto between = error(from, to);
      if (!between) return std::nullopt;
      largest = std::max(largest, *between);
    }
  }
  return largest;
}

void widen(std::optional<Nanos>& error, std::optional<Nanos> by) {
  if (!by)
    error.reset();
  else if (error)
    error = std::max(*error, *by);
}

Nanos ClockMap::error_of(Id host) const {
  const auto entry = offsets_.find(host);
  return entry == offsets_.end() ? 0 : (entry->second.high - entry->second.low) / 2;
}

}  // namespace coordinator::report
