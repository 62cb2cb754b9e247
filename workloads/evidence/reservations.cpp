#include "workloads/evidence/reservations.h"

#include <algorithm>
#include <limits>

namespace workloads::evidence {
namespace {

// One past the last, as far as int64 reaches: absurd counts must not wrap around.
std::int64_t end_of(std::int64_t sequence, std::int64_t count) {
  const std::int64_t room = std::numeric_limits<std::int64_t>::max() - std::max<std::int64_t>(sequence, 0);
  return sequence + std::clamp<std::int64_t>(count, 0, room);
}

}  // namespace

void Reservations::see(const Event& event) {
  if (const auto* reserve = std::get_if<Reserve>(&event))
    open(*reserve);
  else if (const auto* send = std::get_if<Send>(&event))
    account(send->producer, send->where, send->sequence, send->count);
  else if (const auto* refuse = std::get_if<Refuse>(&event))
    account(refuse->producer, refuse->where, refuse->sequence, refuse->count);
  else if (const auto* close = std::get_if<Close>(&event))
    give_back(close->actor);
}

void Reservations::open(const Reserve& reserve) {
  auto& stretches = open_[{reserve.producer, reserve.where}];
  std::int64_t first = reserve.sequence;
  std::int64_t end = end_of(reserve.sequence, reserve.count);
  auto next = stretches.upper_bound(first);
  if (next != stretches.begin() && std::prev(next)->second >= first) {
    --next;
    first = next->first;
  }
  while (next != stretches.end() && next->first <= end) {
    end = std::max(end, next->second);
    next = stretches.erase(next);
  }
  if (first < end) stretches.emplace(first, end);
}

void Reservations::account(Id producer, const Partition& where, std::int64_t sequence, std::int64_t count) {
  const auto found = open_.find({producer, where});
  if (found == open_.end()) return;
  auto& stretches = found->second;
  const std::int64_t end = end_of(sequence, count);
  auto next = stretches.upper_bound(sequence);
  if (next != stretches.begin()) --next;
  while (next != stretches.end() && next->first < end) {
    const auto [first, last] = *next;
    if (last <= sequence) {
      ++next;
      continue;
    }
    next = stretches.erase(next);
    if (first < sequence) stretches.emplace(first, sequence);
    if (last > end) stretches.emplace(end, last);
  }
}

void Reservations::give_back(Id producer) {
  const auto first = open_.lower_bound({producer, Partition{0, INT32_MIN}});
  auto last = first;
  while (last != open_.end() && last->first.first == producer) ++last;
  open_.erase(first, last);
}

void Reservations::emit_open(const std::function<void(const Event&)>& sink) {
  for (const auto& [key, stretches] : open_)
    for (const auto& [first, end] : stretches)
      sink(Send{.producer = key.first, .where = key.second, .sequence = first, .count = end - first});
  open_.clear();
}

}  // namespace workloads::evidence
