#include "coordinator/judge/owed.h"

#include <algorithm>

namespace coordinator::judge {

bool Owed::at(const Delivery& delivery) const {
  if (delivery.ownership != ownership_) return false;
  return std::any_of(debts_.begin(), debts_.end(), [&](const Debt& debt) {
    return debt.from <= delivery.offset && delivery.offset < debt.to && after_end(delivery, debt);
  });
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
  std::vector<Debt> kept;
  for (const Debt& debt : debts_) {
    const bool within_same =
        delivery.within_producer == debt.producer && delivery.within_transaction == debt.transaction;
    if (within_same || delivery.end() <= debt.from || debt.to <= delivery.offset) {
      kept.push_back(debt);
      continue;
    }
    if (debt.from < delivery.offset) kept.push_back({debt.from, delivery.offset, debt.producer, debt.transaction});
    if (delivery.end() < debt.to) kept.push_back({delivery.end(), debt.to, debt.producer, debt.transaction});
  }
  debts_ = std::move(kept);
  if (delivery.within_producer == kNoId || delivery.within_end == TransactionEnd::committed) return;
  if (!debts_.empty() && debts_.back().to == delivery.offset && debts_.back().producer == delivery.within_producer &&
      debts_.back().transaction == delivery.within_transaction) {
    debts_.back().to = delivery.end();
  } else {
    debts_.push_back({delivery.offset, delivery.end(), delivery.within_producer, delivery.within_transaction});
  }
}

namespace {

struct Due {
  LogRun run;
  std::int32_t transaction = 0;
};

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
      due_.push_back({{d.offset, d.count, d.sequence, d.source}, transaction_of(d)});
  }
  const std::vector<LogRun>& left() const { return left_; }

 private:
  std::int32_t transaction_of(const Delivery& d) const {
    return store_.transaction(d.within_producer, d.within_transaction);
  }

  // What lies at or beyond the offset of a seek is come back to.
  void come_back(const SeekFact& seek) {
    std::vector<Due> kept;
    for (Due owed : due_) {
      const TransactionFacts& facts = store_.transactions[owed.transaction];
      const bool ended = seek.line > store_.last_line_within(reader_.consumer, facts.producer, facts.number);
      if (ended) owed.run.count = std::min(owed.run.end(), seek.offset) - owed.run.offset;
      if (owed.run.count > 0) kept.push_back(owed);
    }
    due_ = std::move(kept);
  }

  bool before_abort(const Delivery& d, std::int32_t transaction) const {
    const TransactionFacts& facts = store_.transactions[transaction];
    return d.line <= store_.last_line_within(reader_.consumer, facts.producer, facts.number) ||
           store_.clocks.before(reader_.stamp(d), store_.producer_stamp(facts.producer, facts.aborted_at));
  }

  // Below the delivery's first offset: left behind. From there on: come back to.
  void settle(const Delivery& d) {
    std::vector<Due> kept;
    for (const Due& owed : due_) {
      const std::int64_t border = std::min(owed.run.end(), d.offset);
      const LogRun below{owed.run.offset, border - owed.run.offset, owed.run.sequence, owed.run.source};
      if (before_abort(d, owed.transaction)) {
        kept.push_back(owed);
      } else if (below.count > 0) {
        left_.push_back(below);
      }
    }
    due_ = std::move(kept);
  }

  const Store& store_;
  const Reader& reader_;
  std::vector<Due> due_;
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
