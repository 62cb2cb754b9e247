#include "coordinator/clock_exchange.h"

namespace coordinator {

namespace {
Nanos way(const ClockExchange& exchange) {
  return (exchange.heard - exchange.asked) - (exchange.answered - exchange.received);
}

bool possible(const ClockExchange& exchange) {
  return exchange.heard >= exchange.asked && exchange.answered >= exchange.received && way(exchange) >= 0;
}
}  // namespace

std::optional<ClockEstimate> estimate_clock(const std::vector<ClockExchange>& exchanges) {
  const ClockExchange* best = nullptr;
  for (const auto& exchange : exchanges) {
    if (!possible(exchange)) continue;
    if (best == nullptr || way(exchange) < way(*best)) best = &exchange;
  }
  if (best == nullptr) return std::nullopt;
  // Each half is a distance between two clocks plus one way; the ways are unknown apart, so their sum is the
  // uncertainty.
  const Nanos there = best->received - best->asked;
  const Nanos back = best->answered - best->heard;
  return ClockEstimate{there / 2 + back / 2, way(*best) / 2 + 1};
}

ClockEstimate aged(const ClockEstimate& estimate, Nanos age) {
  return {estimate.offset, estimate.error + age / 10'000};
}

bool may_be_same_clock(const ClockEstimate& estimate) {
  return estimate.offset <= estimate.error && -estimate.offset <= estimate.error;
}

}  // namespace coordinator
