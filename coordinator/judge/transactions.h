// How each transaction ended, as far as its records are concerned: `committed` includes those whose commit was asked
// and which a read_committed reader proves; `unknown` is everything that neither committed nor surely aborted. Indices
// are those of Store::transactions.
#pragma once

#include <cstdint>
#include <vector>

namespace coordinator::judge {

struct Store;

enum class TransactionEnd : std::uint8_t { none, committed, aborted, unknown };

struct TransactionState {
  TransactionEnd end = TransactionEnd::unknown;
  bool delivered = false;  // some record of it was delivered, in whichever partition
  bool operator==(const TransactionState&) const = default;
};

// A record of it was delivered.
struct TransactionProof {
  std::int32_t transaction = 0;
  bool committed_read = false;  // to a read_committed reader
};

// What the transactions' own lines say; `delivered` is left false, and nothing is proved by reading yet.
std::vector<TransactionState> told_ends(const Store& store);

}  // namespace coordinator::judge
