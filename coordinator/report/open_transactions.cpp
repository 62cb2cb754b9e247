#include "coordinator/report/open_transactions.h"

#include <algorithm>
#include <limits>

namespace coordinator::report {

using common::base::Nanos;
using workloads::evidence::kNoOffset;
using workloads::evidence::kNoTime;
using workloads::evidence::TransactionState;
namespace evidence = workloads::evidence;

namespace {
constexpr Nanos kShortest = common::base::kSecond;  // a soak has millions of shorter ones, and nobody is stuck for less
}  // namespace

void OpenTransactions::add(const evidence::Event& event) {
  if (const auto* producer = std::get_if<evidence::ProducerInfo>(&event)) {
    if (producer->transactional_id != evidence::kNoId) ids_[producer->producer] = producer->transactional_id;
  } else if (const auto* send = std::get_if<evidence::Send>(&event)) {
    const auto id = ids_.find(send->producer);
    if (id == ids_.end() || send->transaction == kNoOffset || send->at == kNoTime) return;
    Open& open = open_[id->second];
    if (open.ended || open.producer != send->producer || open.number != send->transaction) return;
    open.since.try_emplace(send->where, clocks_.of_actor(send->producer, send->at));
  } else if (const auto* state = std::get_if<evidence::Transaction>(&event)) {
    const auto id = ids_.find(state->producer);
    if (id == ids_.end() || state->at == kNoTime) return;
    Open& open = open_[id->second];
    const Nanos at = clocks_.of_actor(state->producer, state->at);
    if (state->state == TransactionState::begun) {
      end(open, at);
      open = {state->producer, state->transaction, {}, false};
    } else if (state->state == TransactionState::committed || state->state == TransactionState::aborted) {
      end(open, at);
    }
  }
}

void OpenTransactions::end(Open& open, Nanos at) {
  if (open.ended) return;
  open.ended = true;
  for (const auto& [where, since] : open.since)
    if (at - since >= kShortest) spans_[where].emplace_back(since, at);
}

Nanos OpenTransactions::longest_free(Partition where, Nanos begin, Nanos end) const {
  auto spans = spans_.contains(where) ? spans_.at(where) : decltype(spans_)::mapped_type{};
  for (const auto& [id, open] : open_)
    if (const auto since = open.since.find(where); !open.ended && since != open.since.end())
      spans.emplace_back(since->second, std::numeric_limits<Nanos>::max());
  std::sort(spans.begin(), spans.end());
  Nanos longest = 0;
  Nanos at = begin;
  for (const auto& [from, to] : spans) {
    longest = std::max(longest, std::min(from, end) - at);
    at = std::max(at, std::min(to, end));
  }
  return std::max(longest, end - at);
}

}  // namespace coordinator::report
