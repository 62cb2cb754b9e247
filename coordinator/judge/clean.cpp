#include "coordinator/judge/clean.h"

#include <algorithm>
#include <set>

namespace coordinator::judge {

namespace {

// Records of one producer that were sent and acked together.
struct Acked {
  std::int64_t sequence = 0, offset = 0, count = 0, sent_at = kNoTime, acked_at = kNoTime;
  std::int64_t end() const { return offset + count; }
};

struct Written {
  std::vector<Acked> acked;  // by sequence, and by offset
  std::int64_t unanswered = 0;
  std::uint64_t clock = 0;
  bool hosted = false;  // else its clock is its own, and no other producer's compares with it
};

// False: not plain.
bool read_producer(const ProducerFacts& facts, Written& written) {
  if (facts.transactional || !facts.outcomes.empty()) return false;
  bool plain = true;
  std::vector<SendRun> open;  // sent, not acked yet, from `first` on
  std::size_t first = 0;
  std::int64_t next_sent = 0, next_offset = 0;
  written.acked.reserve(facts.told.acks());
  const auto sent = [&](const SendRun& run) {
    plain = plain && run.sequence >= next_sent;
    next_sent = run.sequence + run.count;
    if (first == open.size()) open.clear(), first = 0;
    open.push_back(run);
  };
  const auto acked = [&](const AckRun& run) {
    plain = plain && run.offset >= next_offset && first < open.size() && run.sequence == open[first].sequence;
    next_offset = run.offset + run.count;
    for (std::int64_t at = 0; plain && at < run.count;) {
      if (first == open.size() || open[first].sequence != run.sequence + at) {
        plain = false;
        return;
      }
      SendRun& send = open[first];
      const std::int64_t part = std::min(run.count - at, send.count);
      written.acked.push_back({send.sequence, run.offset + at, part, send.at, run.at});
      send.sequence += part;
      send.count -= part;
      at += part;
      if (send.count == 0) ++first;
    }
  };
  facts.told.each(sent, acked);
  for (; plain && first < open.size(); ++first) written.unanswered += open[first].count;
  return plain;
}

// Whether some ack surely came before a send that stands lower. Feed it what was written by rising offset.
class Times {
 public:
  explicit Times(const Clocks& clocks) : clocks_(clocks) {}
  bool in_order(const Written& written, const Acked& acked) {
    if (!written.hosted) return true;
    for (const Stamp& sent : latest_sent_)
      if (clocks_.before({written.clock, acked.acked_at}, sent)) return false;
    if (acked.sent_at == kNoTime) return true;
    for (Stamp& sent : latest_sent_) {
      if (sent.clock != written.clock) continue;
      sent.at = std::max(sent.at, acked.sent_at);
      return true;
    }
    latest_sent_.push_back({written.clock, acked.sent_at});
    return true;
  }

 private:
  const Clocks& clocks_;
  std::vector<Stamp> latest_sent_;  // of each clock
};

// One reader's way through what was written. Controls and deliveries in the order of their lines.
class Reading {
 public:
  Reading(const RunCase& run, const ConsumerFacts& facts, const std::vector<Written>& written,
          const std::vector<std::int32_t>& index_of_producer)
      : run_(run),
        facts_(facts),
        written_(written),
        index_of_producer_(index_of_producer),
        clock_(run.store.consumer_stamp(facts.consumer, 0).clock),
        next_(written.size()) {}

  // False: not plain. `times`: checked on the way, unless somebody read everything before.
  bool follow(const Partition& where, Times* times) {
    bool plain = true;
    facts_.deliveries.each(where, [&](const DeliverRun& run) {
      while (plain && control_ < facts_.controls.size() && facts_.controls[control_].line < run.line)
        plain = control(facts_.controls[control_++]);
      plain = plain && !revoked_ && deliver(run, times);
    });
    while (plain && control_ < facts_.controls.size()) plain = control(facts_.controls[control_++]);
    return plain && passed_nothing_else();
  }
  // What was written and not handed to it stands beyond its last offset.
  std::int64_t left() const {
    std::int64_t left = 0;
    each_left([&](const Written&, const Acked& acked) { left += acked.count; });
    return left;
  }
  template <typename F>
  void each_left(F f) const {
    for (std::size_t p = 0; p < written_.size(); ++p)
      for (std::size_t i = next_[p].index; i < written_[p].acked.size(); ++i) {
        Acked rest = written_[p].acked[i];
        if (i == next_[p].index) rest.offset += next_[p].taken, rest.count -= next_[p].taken;
        f(written_[p], rest);
      }
  }
  // Where it began, as far as it is known; kNoOffset if it owned nothing.
  std::int64_t start() const { return position_ != kNoOffset ? position_ : first_; }
  bool assigned() const { return assigned_; }
  std::int64_t end() const { return end_; }

 private:
  struct Next {
    std::size_t index = 0;
    std::int64_t taken = 0;  // of it
  };

  bool control(const ControlRun& run) {
    switch (run.what) {
      case ControlRun::What::assign:
        if (assigned_ || first_ != kNoOffset) return false;
        assigned_ = true;
        position_ = run.offset;
        return true;
      case ControlRun::What::revoke:
        revoked_ = true;
        return true;
      case ControlRun::What::seek:
        return false;
      case ControlRun::What::commit:
        return run.offset <= std::max({end_, position_, std::int64_t{0}});
    }
    return false;
  }

  bool deliver(const DeliverRun& run, Times* times) {
    if (!run.intact || run.producer == kNoId || run.offset < end_ || run.offset < position_) return false;
    if (run.leader_epoch < epoch_ && run.leader_epoch != kNoEpoch) return false;
    epoch_ = std::max(epoch_, run.leader_epoch);
    const std::int32_t producer = index_of_producer_[run.producer];
    if (producer < 0) return false;
    if (first_ == kNoOffset) first_ = run.offset;
    end_ = run.offset + run.count;
    const Written& written = written_[producer];
    Next& next = next_[producer];
    for (std::int64_t at = 0; at < run.count;) {
      if (next.index == written.acked.size()) return false;
      const Acked& acked = written.acked[next.index];
      if (acked.sequence + next.taken != run.sequence + at || acked.offset + next.taken != run.offset + at)
        return false;
      if (run_.store.clocks.before({clock_, run.at}, {written.clock, acked.sent_at})) return false;
      if (times != nullptr && next.taken == 0 && !times->in_order(written, acked)) return false;
      const std::int64_t part = std::min(run.count - at, acked.count - next.taken);
      at += part;
      next.taken += part;
      if (next.taken == acked.count) next = {next.index + 1, 0};
    }
    return true;
  }

  bool passed_nothing_else() const {
    for (std::size_t p = 0; p < written_.size(); ++p) {
      const Next& next = next_[p];
      if (next.index < written_[p].acked.size() && written_[p].acked[next.index].offset + next.taken < end_)
        return false;
    }
    return true;
  }

  const RunCase& run_;
  const ConsumerFacts& facts_;
  const std::vector<Written>& written_;
  const std::vector<std::int32_t>& index_of_producer_;
  const std::uint64_t clock_;
  std::vector<Next> next_;  // of each producer
  std::size_t control_ = 0;
  bool assigned_ = false, revoked_ = false;
  std::int64_t position_ = kNoOffset;  // given by the assign
  std::int64_t first_ = kNoOffset, end_ = 0;
  std::int32_t epoch_ = kNoEpoch;
};

struct LogStarts {
  std::int64_t lowest = 0, highest = 0;  // that were told
};

LogStarts log_starts(const PartitionFacts& facts) {
  LogStarts starts{kInfinity, 0};
  const auto told = [&](std::int64_t start) {
    starts.lowest = std::min(starts.lowest, start);
    starts.highest = std::max(starts.highest, start);
  };
  for (const ConsumerFacts& consumer : facts.consumers)
    for (const AuditLine& audit : consumer.audits) told(audit.start);
  for (const SampleLine& sample : facts.samples)
    if (sample.log_start != kNoOffset) told(sample.log_start);
  if (starts.lowest == kInfinity) starts.lowest = 0;
  return starts;
}

// What no reader was handed yet is held back while more may come; at the end it is for the long way.
bool tail_in_order(const Reading& farthest, Times& times) {
  std::vector<std::pair<const Written*, Acked>> tail;
  farthest.each_left([&](const Written& written, const Acked& acked) { tail.emplace_back(&written, acked); });
  std::sort(tail.begin(), tail.end(), [](const auto& a, const auto& b) { return a.second.offset < b.second.offset; });
  return std::all_of(tail.begin(), tail.end(), [&](const auto& one) { return times.in_order(*one.first, one.second); });
}

// All readers' ways, and the order of times. `unread`: acked, and handed to nobody yet.
bool read_alike(const RunCase& run, const PartitionFacts& facts, const std::vector<Written>& written,
                const std::vector<std::int32_t>& index_of_producer, std::int64_t& unread) {
  std::set<Id> groups;
  const LogStarts log_start = log_starts(facts);
  bool audited = false;
  unread = kInfinity;
  for (const ConsumerFacts& consumer : facts.consumers) {
    const Id group = run.store.consumer(consumer.consumer).group;
    if (group != kNoId && !groups.insert(group).second) return false;
    Reading reading(run, consumer, written, index_of_producer);
    Times times(run.store.clocks);
    if (!reading.follow(facts.where, unread == 0 ? nullptr : &times)) return false;
    if (group != kNoId && reading.assigned() && reading.start() > log_start.lowest) return false;
    const std::int64_t left = reading.left();
    if (left > 0 && !consumer.audits.empty()) return false;
    audited = audited || !consumer.audits.empty();
    if (left >= unread) continue;
    unread = left;
    // What lies below a log start, or may have been replaced, is excused, and that is for the long way.
    if (left > 0 && (run.store.topic(facts.where.topic).compact || log_start.highest > reading.end())) return false;
    if (left > 0 && !tail_in_order(reading, times)) return false;
  }
  return unread == 0 || (unread != kInfinity && run.so_far && !audited);
}

}  // namespace

bool judge_clean(RunCase& run, const PartitionFacts& facts, std::vector<std::int32_t>& index_of_producer) {
  if (facts.within || facts.reads_elsewhere || !facts.strays.empty()) return false;
  std::vector<Written> written(facts.producers.size());
  Count acked, unanswered;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const ProducerFacts& producer = facts.producers[i];
    const auto* info = run.store.producer(producer.producer);
    written[i].clock = run.store.producer_stamp(producer.producer, 0).clock;
    written[i].hosted = info != nullptr && info->host != kNoId;
    if (info == nullptr || !read_producer(producer, written[i])) return false;
    for (const Acked& one : written[i].acked) acked += one.count;
    unanswered += written[i].unanswered;
  }
  for (std::size_t i = 0; i < written.size(); ++i)
    index_of_producer[facts.producers[i].producer] = static_cast<std::int32_t>(i);
  std::int64_t unread = 0;
  const bool plain = read_alike(run, facts, written, index_of_producer, unread);
  for (const ProducerFacts& producer : facts.producers) index_of_producer[producer.producer] = -1;
  if (!plain) return false;
  run.books.sent += acked;
  run.books.sent += unanswered;
  run.books.acked += acked;
  run.books.unknown += unanswered;
  run.books.present += acked;
  run.books.present -= unread;
  run.books.unread += unread;
  PartitionCase c{run, {}, {}, {}, {}, {}};
  c.view.where = facts.where;
  c.view.facts = &facts;
  c.view.topic = &run.store.topic(facts.where.topic);
  find_epoch_regressed(c);
  find_end_regressed(c);
  return true;
}

}  // namespace coordinator::judge
