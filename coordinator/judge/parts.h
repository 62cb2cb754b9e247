// What the case of each partition came to, kept until there is something new: a partition that got no line since it was
// last judged, and on which nothing bears that did change (declarations, clocks, faults, the end; transactions, where
// it holds any), keeps its part. Cases are independent of each other, so that two threads judge them with the result
// of one. Owned by the Judge; not thread-safe itself.
#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

struct Part {
  std::vector<Finding> findings;  // sorted, shortened
  std::vector<LeftOut> left_out;
  Books books;
  std::vector<Imbalance> imbalances;
  std::vector<OutputFact> outputs;
  std::vector<ReadEdge> reads;
};

class Parts {
 public:
  Parts(const Store& store, unsigned threads) : store_(store), threads_(threads) {}

  void refresh(bool so_far, bool holes);
  const std::vector<Part>& all() const { return parts_; }  // as Store::partitions
  const std::vector<TransactionState>& transactions() const { return transactions_; }

 private:
  // Of what it was made.
  struct Basis {
    std::uint64_t partition = 0, common = 0, transactions = 0;
    bool so_far = false, holes = false;
    bool operator==(const Basis&) const = default;
  };
  struct Proved {
    Basis basis;
    std::vector<TransactionProof> proofs;
  };

  bool touches_transactions(const PartitionFacts& facts) const;
  Basis basis_of(const PartitionFacts& facts, bool so_far, bool holes) const;
  void refresh_transactions();
  void judge(std::size_t partition, const Basis& basis, std::vector<std::int32_t>& source_of_producer);
  template <typename Work>
  void each(const std::vector<std::size_t>& partitions, Work work);

  const Store& store_;
  const unsigned threads_;  // at most
  std::vector<Part> parts_;
  std::vector<Basis> bases_;
  std::vector<Proved> proved_;
  std::vector<TransactionState> transactions_;
  std::uint64_t transactions_version_ = 0;  // rises when one of them ends otherwise, or anything is told of them
  std::uint64_t told_version_ = 0;          // Store::transactions_version by then
};

}  // namespace coordinator::judge
