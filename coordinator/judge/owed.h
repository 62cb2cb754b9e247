// Deliveries within a transaction are owed again if it does not commit: after `aborted` the consumer must come back to
// the lowest of them before it is delivered anything beyond, in that ownership; after unknown it may do either.
#pragma once

#include <map>
#include <vector>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

// The known records that were delivered within an aborted transaction and left behind: something beyond was delivered,
// outside that transaction, in the same ownership, without a seek or a delivery at or below them in between.
// What stands before the consumer's last delivery within the transaction, or clock-safely before the abort, is not
// after it.
std::vector<LogRun> owed_and_left(const Store& store, const Reader& reader, const std::vector<KnownRun>& known);

// Tells, delivery by delivery, whether a step back is owed. Feed it every delivery of a reader in order.
class Owed {
 public:
  Owed(const Store& store, const Reader& reader) : store_(store), reader_(reader) {}
  // Whether a delivery at `offset` may be one that is owed.
  bool at(const Delivery& delivery) const;
  void delivered(const Delivery& delivery);

 private:
  struct Debt {
    std::int64_t to = 0;
    Id producer = kNoId;
    std::int64_t transaction = 0;
  };
  bool after_end(const Delivery& delivery, const Debt& debt) const;

  const Store& store_;
  const Reader& reader_;
  std::int32_t ownership_ = -1;
  std::map<std::int64_t, Debt> debts_;  // by first offset; disjoint
};

}  // namespace coordinator::judge
