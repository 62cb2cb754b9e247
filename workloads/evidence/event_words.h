// The words of docs/history.md for the values of event.h's enumerations, and the names of events. Pure functions; any
// thread.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <variant>

#include "workloads/evidence/event.h"

namespace workloads::evidence {

namespace words {
inline constexpr std::array<std::string_view, 3> kAcks{"all", "1", "0"};
inline constexpr std::array<std::string_view, 2> kIsolation{"read_committed", "read_uncommitted"};
inline constexpr std::array<std::string_view, 3> kReset{"earliest", "latest", "error"};
inline constexpr std::array<std::string_view, 6> kTransactionState{"begun",       "commit_asked", "committed",
                                                                   "abort_asked", "aborted",      "unknown"};
inline constexpr std::array<std::string_view, 4> kCommitState{"asked", "confirmed", "failed", "unknown"};
inline constexpr std::array<std::string_view, 6> kFaultState{"planned",   "injecting", "active",
                                                             "reverting", "reverted",  "failed"};
// By index in Event. Those from "reserve" on stand only in binary evidence.
inline constexpr std::array<std::string_view, 26> kEvents{
    "run",    "topic",  "producer", "send",    "ack",     "refuse",  "unknown", "transaction", "consumer",
    "assign", "revoke", "seek",     "deliver", "commit",  "input",   "audit",   "sample",      "clock",
    "fault",  "end",    "reserve",  "close",   "latency", "problem", "phase",   "gauge"};
static_assert(kEvents.size() == std::variant_size_v<Event>);
}  // namespace words

constexpr std::string_view word_of(Acks value) {
  return words::kAcks[static_cast<std::size_t>(value)];
}
constexpr std::string_view word_of(Isolation value) {
  return words::kIsolation[static_cast<std::size_t>(value)];
}
constexpr std::string_view word_of(Reset value) {
  return words::kReset[static_cast<std::size_t>(value)];
}
constexpr std::string_view word_of(TransactionState value) {
  return words::kTransactionState[static_cast<std::size_t>(value)];
}
constexpr std::string_view word_of(CommitState value) {
  return words::kCommitState[static_cast<std::size_t>(value)];
}
constexpr std::string_view word_of(FaultState value) {
  return words::kFaultState[static_cast<std::size_t>(value)];
}

}  // namespace workloads::evidence
