#include "workloads/transact_progress.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace workloads {

using common::base::kSecond;
using common::base::Nanos;

void TransactProgress::begun() {
  const std::lock_guard lock(mutex_);
  ++incarnations_;
}

void TransactProgress::tell(const TransactIncarnation& now, Nanos at) {
  const ProduceLedger& books = now.producing().ledger();
  const std::lock_guard lock(mutex_);
  sums_ = past_;
  sums_.sent += books.accepted();
  sums_.acked += books.acked_count();
  sums_.refused += books.refused_count();
  sums_.unknown += books.unknown_count();
  sums_.transactions.committed += now.ended().committed;
  sums_.transactions.aborted += now.ended().aborted;
  sums_.transactions.unknown += now.ended().unknown;
  in_flight_ = now.producing().in_flight();
  for (std::size_t i = 0; i < acked_to_.size(); ++i)
    acked_to_[i] = std::max(acked_to_[i], books.acked_to(static_cast<std::int32_t>(i)));
  ack_p50_ms_ = quantile_ms(now.producing().ack_latency().last_second(), 0.50);
  ack_p99_ms_ = quantile_ms(now.producing().ack_latency().last_second(), 0.99);
  if (const ConsumeIncarnation* reading = now.consuming()) {
    sums_.delivered += reading->ledger().delivered_count();
    sums_.foreign += reading->ledger().foreign_count();
    sums_.corrupt += reading->ledger().corrupt_count();
    positions_ = now.settled_positions();
    ready_ = reading->assigned_once();
    const evidence::Histogram latency = reading->end_to_end().last_second();
    read_p50_ms_ = quantile_ms(latency, 0.50);
    read_p99_ms_ = quantile_ms(latency, 0.99);
  }
  if (at - rate_at_ < kSecond) return;
  if (rate_at_ > 0) rate_ = static_cast<double>(sums_.acked - rate_acked_) * 1e9 / static_cast<double>(at - rate_at_);
  rate_at_ = at;
  rate_acked_ = sums_.acked;
}

void TransactProgress::ended() {
  const std::lock_guard lock(mutex_);
  past_ = sums_;
  positions_.clear();
}

nlohmann::json TransactProgress::json(bool processes) const {
  const std::lock_guard lock(mutex_);
  nlohmann::json partitions = nlohmann::json::object();
  for (std::size_t i = 0; i < acked_to_.size(); ++i) partitions[std::to_string(i)] = {{"acked_to", acked_to_[i]}};
  nlohmann::json told = {{"sent", sums_.sent},
                         {"acked", sums_.acked},
                         {"refused", sums_.refused},
                         {"unknown", sums_.unknown},
                         {"in_flight", in_flight_},
                         {"partitions", std::move(partitions)},
                         {"rate", rate_},
                         {"incarnations", incarnations_},
                         {"ack_ms", {{"p50", ack_p50_ms_}, {"p99", ack_p99_ms_}}},
                         {"committed_transactions", sums_.transactions.committed},
                         {"aborted_transactions", sums_.transactions.aborted},
                         {"unknown_transactions", sums_.transactions.unknown}};
  if (!processes) return told;
  nlohmann::json assigned = nlohmann::json::object();
  for (const auto& [partition, position] : positions_) assigned[std::to_string(partition)] = position;
  told["delivered"] = sums_.delivered;
  told["foreign"] = sums_.foreign;
  told["corrupt"] = sums_.corrupt;
  told["assigned"] = std::move(assigned);
  told["ready"] = ready_;
  told["end_to_end_ms"] = {{"p50", read_p50_ms_}, {"p99", read_p99_ms_}};
  return told;
}

}  // namespace workloads
