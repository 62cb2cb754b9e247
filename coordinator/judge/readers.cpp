#include "coordinator/judge/readers.h"

#include <algorithm>
#include <map>

namespace coordinator::judge {

namespace {

class Builder {
 public:
  Builder(const Store& store, const std::vector<TransactionState>& transactions, const Partition& where,
          std::int32_t index, const SourceOf& source_of, Reader& reader)
      : store_(store),
        transactions_(transactions),
        where_(where),
        index_(index),
        source_of_(source_of),
        reader_(reader) {}

  void control(const ControlRun& run) {
    switch (run.what) {
      case ControlRun::What::assign:
        return assign(run);
      case ControlRun::What::revoke:
        close_segment();
        open_ = false;
        return;
      case ControlRun::What::seek:
        return seek(run);
      case ControlRun::What::commit:
        return commit(run);
    }
  }

  void deliver(const DeliverRun& run) {
    if (!open_) begin(false, run.line, run.at);
    Ownership& own = ownership();
    const std::int64_t last = run.offset + run.count - 1;
    if (own.first_delivery == kNoOffset) {
      own.first_delivery = run.offset;
      if (own.start == kNoOffset) own.start = run.offset;
    }
    if (segment_from_ == kNoOffset || run.offset < segment_from_) {
      close_segment();
      segment_from_ = run.offset;
    }
    segment_to_ = std::max(segment_to_, last);
    if (run.intact) {
      if (before_ != kNoOffset && run.offset <= before_) ++stretch_;
      before_ = last;
    } else {
      reader_.corrupt.add(run.offset, run.offset + run.count);
    }
    reader_.deliveries.push_back(delivery(run));
    own.deliveries_to = static_cast<std::int32_t>(reader_.deliveries.size());
  }

  void finish() {
    close_segment();
    std::erase_if(reader_.commits, [](const CommitFact& fact) { return fact.answered; });
    reader_.passed.settle();
    reader_.corrupt.settle();
  }

 private:
  Ownership& ownership() { return reader_.ownerships.back(); }

  Delivery delivery(const DeliverRun& run) {
    Delivery d;
    d.offset = run.offset;
    d.count = run.count;
    d.sequence = run.producer == kNoId ? run.offset : run.sequence;
    d.at = run.at;
    d.line = run.line;
    d.source = run.producer == kNoId ? kForeign : source_of_(run.producer, run.target);
    d.ownership = static_cast<std::int32_t>(reader_.ownerships.size()) - 1;
    d.stretch = stretch_;
    d.leader_epoch = run.leader_epoch;
    d.intact = run.intact;
    if (run.within_producer != kNoId) {
      d.within_producer = run.within_producer;
      d.within_transaction = run.within_transaction;
      const std::int32_t transaction = store_.transaction(run.within_producer, run.within_transaction);
      d.within_end = transaction < 0 ? TransactionEnd::unknown : transactions_[transaction].end;
      reader_.has_within = true;
    }
    return d;
  }

  void begin(bool assigned, std::int64_t line, std::int64_t at) {
    Ownership own;
    own.reader = index_;
    own.assigned = assigned;
    own.begin_line = line;
    own.begin = store_.consumer_stamp(reader_.consumer, at);
    own.deliveries_from = own.deliveries_to = static_cast<std::int32_t>(reader_.deliveries.size());
    reader_.ownerships.push_back(own);
    open_ = true;
    before_ = segment_from_ = segment_to_ = farthest_ = kNoOffset;
    ++stretch_;
  }

  void assign(const ControlRun& run) {
    if (!open_ || !ownership().assigned) {
      close_segment();
      begin(true, run.line, run.at);
      ownership().start = ownership().given = segment_from_ = run.offset;
      return;
    }
    if (run.offset == kNoOffset) return;
    Ownership& own = ownership();
    if (own.first_delivery == kNoOffset && own.first_seek_line == INT64_MAX) {
      if (own.given == kNoOffset || run.offset < own.given) own.given = run.offset;
      if (own.start == kNoOffset) own.start = run.offset;
    }
    farthest_ = std::max(farthest_, run.offset);
    const std::int64_t position = segment_to_ != kNoOffset ? segment_to_ + 1 : segment_from_;
    if (position != kNoOffset && run.offset >= position) return;
    close_segment();
    segment_from_ = run.offset;
  }

  void seek(const ControlRun& run) {
    if (!open_) begin(false, run.line, run.at);
    reader_.seeks.push_back({run.line, run.offset});
    Ownership& own = ownership();
    if (own.first_delivery == kNoOffset) own.sought_first = true;
    own.first_seek_line = std::min(own.first_seek_line, run.line);
    farthest_ = std::max(farthest_, run.offset);
    close_segment();
    segment_from_ = run.offset;
    before_ = kNoOffset;
    ++stretch_;
  }

  void commit(const ControlRun& run) {
    CommitFact fact;
    fact.offset = run.offset;
    fact.state = run.state;
    fact.ownership = static_cast<std::int32_t>(reader_.ownerships.size()) - 1;
    fact.line = fact.asked_line = run.line;
    fact.at = fact.asked_at = run.at;
    fact.farthest = farthest_;
    if (run.state == CommitState::asked) {
      unanswered_[run.offset].push_back(reader_.commits.size());
    } else {
      const auto asked = unanswered_.find(run.offset);
      if (asked != unanswered_.end()) {
        CommitFact& latest = reader_.commits[asked->second.back()];
        fact.asked_line = latest.asked_line;
        fact.asked_at = latest.asked_at;
        latest.answered = true;
        asked->second.pop_back();
        if (asked->second.empty()) unanswered_.erase(asked);
      }
    }
    reader_.commits.push_back(fact);
  }

  void close_segment() {
    if (segment_from_ != kNoOffset && segment_to_ != kNoOffset) reader_.passed.add(segment_from_, segment_to_ + 1);
    segment_from_ = segment_to_ = kNoOffset;
  }

  const Store& store_;
  const std::vector<TransactionState>& transactions_;
  const Partition& where_;
  const std::int32_t index_;
  const SourceOf& source_of_;
  Reader& reader_;
  bool open_ = false;
  std::int32_t stretch_ = 0;
  std::int64_t before_ = kNoOffset;        // the offset delivered directly before
  std::int64_t segment_from_ = kNoOffset;  // position from which the reader has passed ..
  std::int64_t segment_to_ = kNoOffset;    // .. up to this one
  std::int64_t farthest_ = kNoOffset;
  std::map<std::int64_t, std::vector<std::size_t>> unanswered_;  // commits, by offset
};

}  // namespace

Reader build_reader(const Store& store, const std::vector<TransactionState>& transactions, const Partition& where,
                    const ConsumerFacts& facts, std::int32_t index, const SourceOf& source_of) {
  Reader reader;
  const auto& info = store.consumer(facts.consumer);
  reader.consumer = facts.consumer;
  reader.group = info.group;
  reader.committed_only = info.isolation == workloads::evidence::Isolation::read_committed;
  reader.latest = info.reset == workloads::evidence::Reset::latest;
  reader.clock = store.consumer_stamp(facts.consumer, 0).clock;
  reader.deliveries.reserve(facts.deliveries.size());
  for (const AuditLine& audit : facts.audits) {
    reader.audit_start = reader.audits ? std::min(reader.audit_start, audit.start) : audit.start;
    reader.audit_end = reader.audits ? std::max(reader.audit_end, audit.end) : audit.end;
    reader.audit_line = std::max(reader.audit_line, audit.line);
    reader.audits = true;
  }
  Builder builder(store, transactions, where, index, source_of, reader);
  std::size_t next = 0;
  facts.deliveries.each(where, [&](const DeliverRun& run) {
    while (next < facts.controls.size() && facts.controls[next].line < run.line)
      builder.control(facts.controls[next++]);
    builder.deliver(run);
  });
  while (next < facts.controls.size()) builder.control(facts.controls[next++]);
  builder.finish();
  return reader;
}

}  // namespace coordinator::judge
