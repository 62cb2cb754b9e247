#include "coordinator/judge/owed.h"

#include <algorithm>
#include <map>

namespace coordinator::judge {

bool Owed::at(const Delivery& delivery) const {
  if (delivery.ownership != ownership_) return false;
  auto debt = debts_.upper_bound(delivery.offset);
  if (debt == debts_.begin()) return false;
  --debt;
  return delivery.offset < debt->second.to && after_end(delivery, debt->second);
}

// A transaction within which the consumer still reads has not ended; nor has one that clock-safely aborts later.
bool Owed::after_end(const Delivery& delivery, const Debt& debt) const {
  if (delivery.line <= store_.last_line_within(reader_.consumer, debt.producer, debt.transaction)) return false;
  const std::int32_t index = store_.transaction(debt.producer, debt.transaction);
  if (index < 0 || !store_.transactions[index].aborted) return true;
  return !store_.clocks.before(reader_.stamp(delivery),
                               store_.producer_stamp(debt.producer, store_.transactions[index].aborted_at));
}

void Owed::delivered(const Delivery& delivery) {
  if (delivery.ownership != ownership_) debts_.clear();
  ownership_ = delivery.ownership;
  // What is delivered again is paid, until a transaction makes it owed anew.
  auto next = debts_.upper_bound(delivery.offset);
  if (next != debts_.begin() && std::prev(next)->second.to > delivery.offset) --next;
  while (next != debts_.end() && next->first < delivery.end()) {
    const std::int64_t from = next->first;
    const Debt debt = next->second;
    next = debts_.erase(next);
    if (from < delivery.offset) debts_.emplace(from, Debt{delivery.offset, debt.producer, debt.transaction});
    if (delivery.end() < debt.to) next = debts_.emplace(delivery.end(), debt).first;
  }
  if (delivery.within_producer == kNoId || delivery.within_end == TransactionEnd::committed) return;
  debts_[delivery.offset] = {delivery.end(), delivery.within_producer, delivery.within_transaction};
}

namespace {

class Debts {
 public:
  Debts(const Store& store, const Reader& reader) : store_(store), reader_(reader) {}

  void deliver(const Delivery& d) {
    if (d.ownership != ownership_) due_.clear();
    ownership_ = d.ownership;
    for (; next_seek_ < reader_.seeks.size() && reader_.seeks[next_seek_].line < d.line; ++next_seek_)
      come_back(reader_.seeks[next_seek_]);
    settle(d);
    if (d.intact && d.within_end == TransactionEnd::aborted && d.source != kForeign)
      due_[transaction_of(d)].push_back({d.offset, d.count, d.sequence, d.source});
  }
  const std::vector<LogRun>& left() const { return left_; }

 private:
  std::int32_t transaction_of(const Delivery& d) const {
    return store_.transaction(d.within_producer, d.within_transaction);
  }

  // What lies at or beyond the offset of a seek is come back to.
  void come_back(const SeekFact& seek) {
    for (auto& [transaction, runs] : due_) {
      const TransactionFacts& facts = store_.transactions[transaction];
      if (seek.line <= store_.last_line_within(reader_.consumer, facts.producer, facts.number)) continue;
      for (LogRun& run : runs) run.count = std::min(run.end(), seek.offset) - run.offset;
      std::erase_if(runs, [](const LogRun& run) { return run.count <= 0; });
    }
  }

  bool before_abort(const Delivery& d, std::int32_t transaction) const {
    const TransactionFacts& facts = store_.transactions[transaction];
    return d.line <= store_.last_line_within(reader_.consumer, facts.producer, facts.number) ||
           store_.clocks.before(reader_.stamp(d), store_.producer_stamp(facts.producer, facts.aborted_at));
  }

  // Below the delivery's first offset: left behind. From there on: come back to.
  void settle(const Delivery& d) {
    std::erase_if(due_, [&](const auto& entry) {
      if (before_abort(d, entry.first)) return false;
      for (const LogRun& run : entry.second) {
        const std::int64_t border = std::min(run.end(), d.offset);
        if (border > run.offset) left_.push_back({run.offset, border - run.offset, run.sequence, run.source});
      }
      return true;
    });
  }

  const Store& store_;
  const Reader& reader_;
  std::map<std::int32_t, std::vector<LogRun>> due_;  // by transaction
  std::vector<LogRun> left_;
  std::size_t next_seek_ = 0;
  std::int32_t ownership_ = -1;
};

}  // namespace

std::vector<LogRun> owed_and_left(const Store& store, const Reader& reader, const std::vector<KnownRun>& known) {
  Debts debts(store, reader);
  for (const Delivery& d : reader.deliveries) debts.deliver(d);
  // Only known records can be skipped.
  std::vector<LogRun> counted;
  for (const LogRun& run : debts.left()) {
    const auto first =
        std::partition_point(known.begin(), known.end(), [&](const KnownRun& k) { return k.run.end() <= run.offset; });
    for (auto k = first; k != known.end() && k->run.offset < run.end(); ++k) {
      if (!k->run.continues(run)) continue;
      const std::int64_t from = std::max(run.offset, k->run.offset), to = std::min(run.end(), k->run.end());
      if (from < to) counted.push_back({from, to - from, run.sequence + (from - run.offset), run.source});
    }
  }
  return counted;
}

}  // namespace coordinator::judge
