#include "coordinator/judge/owed.h"

#include <algorithm>

namespace coordinator::judge {

bool Owed::at(const Delivery& delivery) const {
  if (delivery.ownership != ownership_) return false;
  return std::any_of(debts_.begin(), debts_.end(), [&](const Debt& debt) {
    const bool within_same = delivery.within_producer == debt.producer && delivery.within_transaction == debt.transaction;
    return !within_same && debt.from <= delivery.offset && delivery.offset < debt.to;
  });
}

void Owed::delivered(const Delivery& delivery) {
  if (delivery.ownership != ownership_) debts_.clear();
  ownership_ = delivery.ownership;
  // What is delivered again is paid, until a transaction makes it owed anew.
  std::vector<Debt> kept;
  for (const Debt& debt : debts_) {
    const bool within_same = delivery.within_producer == debt.producer && delivery.within_transaction == debt.transaction;
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
  Id producer = kNoId;
  std::int64_t transaction = 0;
};

// What lies at or beyond the offset of a seek is come back to.
void come_back(std::vector<Due>& due, std::int64_t offset) {
  std::erase_if(due, [&](const Due& owed) { return owed.run.offset >= offset; });
  for (Due& owed : due) owed.run.count = std::min(owed.run.end(), offset) - owed.run.offset;
}

// Cuts what is due at the delivery: at or below it is come back to, what lies below something beyond is left.
void settle(std::vector<Due>& due, const Delivery& d, std::vector<LogRun>& left) {
  std::vector<Due> kept;
  for (const Due& owed : due) {
    const bool within_same = d.within_producer == owed.producer && d.within_transaction == owed.transaction;
    if (within_same) {
      kept.push_back(owed);
      continue;
    }
    // Below the delivery's first offset: left behind. From there on: come back to.
    const std::int64_t border = std::min(owed.run.end(), d.offset);
    if (owed.run.offset < border) {
      left.push_back({owed.run.offset, border - owed.run.offset, owed.run.sequence, owed.run.source});
    }
  }
  due = std::move(kept);
}

}  // namespace

std::vector<LogRun> owed_and_left(const Reader& reader, const std::vector<KnownRun>& known) {
  std::vector<LogRun> left;
  std::vector<Due> due;
  std::int32_t ownership = -1;
  std::size_t next_seek = 0;
  for (const Delivery& d : reader.deliveries) {
    if (d.ownership != ownership) due.clear();
    ownership = d.ownership;
    for (; next_seek < reader.seeks.size() && reader.seeks[next_seek].line < d.line; ++next_seek)
      come_back(due, reader.seeks[next_seek].offset);
    if (!d.intact) continue;
    settle(due, d, left);
    if (d.within_producer == kNoId || d.within_end != TransactionEnd::aborted || d.source == kForeign) continue;
    due.push_back({{d.offset, d.count, d.sequence, d.source}, d.within_producer, d.within_transaction});
  }
  // Only known records can be skipped.
  std::vector<LogRun> counted;
  for (const LogRun& run : left) {
    const auto first = std::partition_point(known.begin(), known.end(), [&](const KnownRun& k) { return k.run.end() <= run.offset; });
    for (auto k = first; k != known.end() && k->run.offset < run.end(); ++k) {
      if (!k->run.continues(run)) continue;
      const std::int64_t from = std::max(run.offset, k->run.offset), to = std::min(run.end(), k->run.end());
      if (from < to) counted.push_back({from, to - from, run.sequence + (from - run.offset), run.source});
    }
  }
  return counted;
}

}  // namespace coordinator::judge
