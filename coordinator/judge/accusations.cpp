#include "coordinator/judge/accusations.h"

#include <algorithm>
#include <tuple>

#include "coordinator/judge/finding_list.h"
#include "coordinator/judge/interval_set.h"
#include "coordinator/judge/store.h"

namespace coordinator::judge {

namespace {

constexpr std::size_t kMostWitnesses = 8;  // a few suffice

void settle_witnesses(std::vector<std::int64_t>& lines) {
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  lines.erase(lines.begin(), std::upper_bound(lines.begin(), lines.end(), 0));
  if (lines.size() > kMostWitnesses) lines.resize(kMostWitnesses);
}

void merge_into(std::vector<std::int64_t>& lines, const std::vector<std::int64_t>& more) {
  lines.insert(lines.end(), more.begin(), more.end());
  if (lines.size() > 4 * kMostWitnesses) settle_witnesses(lines);
}

// Everything that two records of one finding share. One id at two places is two records, unless the
// property itself is about its places.
auto key_of(const Record& r) {
  const std::int64_t shift = r.offsets.size() == 1 ? r.offsets.front() - r.sequence : 0;
  return std::make_tuple(r.kind, r.severity, r.proof, r.where, r.consumer, r.producer, r.target, shift);
}

// The next record begins where the finding ends, at each of its places.
bool follows(const Record& a, const Record& b) {
  if (key_of(a) != key_of(b) || b.sequence != a.sequence + a.count || a.offsets.size() != b.offsets.size())
    return false;
  for (std::size_t i = 0; i < a.offsets.size(); ++i)
    if (b.offsets[i] != a.offsets[i] + a.count) return false;
  return true;
}

void absorb(Record& record, const Record& other) {
  merge_into(record.witnesses, other.witnesses);
  for (const Id fault : other.faults)
    if (std::find(record.faults.begin(), record.faults.end(), fault) == record.faults.end())
      record.faults.push_back(fault);
}

// Records of one key by sequence, some of which overlap: each id once, with all its places.
std::vector<Record> overlay(const std::vector<Record>& records, std::size_t begin, std::size_t end) {
  std::vector<Record> laid;
  std::vector<const Record*> open;
  std::int64_t at = records[begin].sequence;
  for (std::size_t next = begin; next < end || !open.empty();) {
    if (open.empty()) at = std::max(at, records[next].sequence);
    while (next < end && records[next].sequence <= at) open.push_back(&records[next++]);
    std::int64_t to = next < end ? records[next].sequence : kInfinity;
    for (const Record* record : open) to = std::min(to, record->sequence + record->count);
    Record part = *open.front();
    part.sequence = at;
    part.count = to - at;
    part.offsets.clear();
    for (const Record* record : open) {
      for (const std::int64_t offset : record->offsets) part.offsets.push_back(offset + (at - record->sequence));
      absorb(part, *record);
    }
    std::sort(part.offsets.begin(), part.offsets.end());
    part.offsets.erase(std::unique(part.offsets.begin(), part.offsets.end()), part.offsets.end());
    laid.push_back(std::move(part));
    at = to;
    std::erase_if(open, [at](const Record* record) { return record->sequence + record->count <= at; });
  }
  return laid;
}

std::vector<OffsetRun> offsets_of(const std::vector<std::int64_t>& offsets, std::int64_t count) {
  IntervalSet set;
  for (const std::int64_t offset : offsets) set.add(offset, offset + count);
  set.settle();
  std::vector<OffsetRun> runs;
  for (const Interval& interval : set.intervals()) runs.push_back({interval.begin, interval.end - interval.begin});
  return runs;
}

Finding finding_of(Record record) {
  Finding finding;
  finding.kind = record.kind;
  finding.severity = record.severity;
  finding.proof = record.proof;
  finding.where = record.where;
  finding.consumer = record.consumer;
  if (record.producer != kNoId) finding.messages.push_back({record.producer, record.sequence, record.count});
  finding.offsets = offsets_of(record.offsets, record.count);
  settle_witnesses(record.witnesses);
  finding.witnesses = std::move(record.witnesses);
  finding.faults = std::move(record.faults);
  return finding;
}

}  // namespace

Accusations::Accusations(const Store& store, bool so_far) : store_(store), so_far_(so_far), findings_(store.names) {}

std::vector<Id> Accusations::faults_at(std::initializer_list<Stamp> when) const {
  std::vector<Id> active;
  for (const auto& [fault, facts] : store_.faults) {
    if (!facts.active) continue;
    for (const Stamp& stamp : when) {
      const bool began = store_.clocks.before(facts.active_at, stamp);
      const bool over = facts.reverted && !store_.clocks.before(stamp, facts.reverted_at);
      if (!began || over) continue;
      active.push_back(fault);
      break;
    }
  }
  return active;
}

bool Accusations::call(Severity& severity, bool settled) const {
  if (!so_far_) return true;
  if (severity == Severity::undecided) return false;
  if (severity == Severity::violation && !settled) severity = Severity::undecided;
  return true;
}

void Accusations::add(Record record, std::initializer_list<Stamp> when, bool settled) {
  if (!call(record.severity, settled)) return;
  if (!store_.faults.empty()) record.faults = faults_at(when);
  records_.push_back(std::move(record));
}

void Accusations::add(Conflict conflict, bool settled) {
  if (call(conflict.severity, settled)) conflicts_.push_back(std::move(conflict));
}

void Accusations::leave_out(LeftOut left, bool settled) {
  if (call(left.severity, settled)) findings_.leave_out(left);
}

void Accusations::add(Finding finding, std::initializer_list<Stamp> when, bool settled) {
  if (!call(finding.severity, settled)) return;
  if (!store_.faults.empty()) finding.faults = faults_at(when);
  settle_witnesses(finding.witnesses);
  tell(std::move(finding));
}

void Accusations::group_records() {
  std::sort(records_.begin(), records_.end(), [](const Record& a, const Record& b) {
    return key_of(a) != key_of(b) ? key_of(a) < key_of(b) : a.sequence < b.sequence;
  });
  Record last;
  bool any = false;
  const auto keep = [&](Record&& record) {
    if (any && follows(last, record)) {
      last.count += record.count;
      return absorb(last, record);
    }
    if (any) tell(finding_of(std::move(last)));
    last = std::move(record);
    any = true;
  };
  for (std::size_t begin = 0; begin < records_.size();) {
    // A stretch of records that overlap.
    std::size_t end = begin + 1;
    std::int64_t reached = records_[begin].sequence + records_[begin].count;
    while (end < records_.size() && key_of(records_[end]) == key_of(records_[begin]) &&
           records_[end].sequence < reached) {
      reached = std::max(reached, records_[end].sequence + records_[end].count);
      ++end;
    }
    if (end == begin + 1) {
      keep(std::move(records_[begin]));
    } else {
      for (Record& record : overlay(records_, begin, end)) keep(std::move(record));
    }
    begin = end;
  }
  if (any) tell(finding_of(std::move(last)));
  records_.clear();
}

void Accusations::group_conflicts() {
  const auto claim = [](const Conflict::Claim& c) { return std::tie(c.producer, c.target); };
  std::sort(conflicts_.begin(), conflicts_.end(), [&](const Conflict& a, const Conflict& b) {
    const auto key = [&](const Conflict& c) {
      return std::tuple_cat(std::tie(c.where, c.severity), claim(c.first), claim(c.second));
    };
    if (key(a) != key(b)) return key(a) < key(b);
    return std::tie(a.first.sequence, a.second.sequence, a.offset) <
           std::tie(b.first.sequence, b.second.sequence, b.offset);
  });
  const auto adjacent = [&](const Conflict& a, const Finding& begun, const Conflict& b) {
    const std::int64_t count = begun.messages.front().count;
    if (a.first.producer == kNoId) return false;  // a foreign record has no sequence
    return a.where == b.where && a.severity == b.severity && claim(a.first) == claim(b.first) &&
           claim(a.second) == claim(b.second) && b.first.sequence == a.first.sequence + count &&
           b.second.sequence == a.second.sequence + count;
  };
  std::size_t begin = 0;  // the conflict with which the finding that is being built began
  std::vector<Interval> offsets;
  const auto close = [&](Finding& finding) {
    IntervalSet set;
    for (const Interval& interval : offsets) set.add(interval.begin, interval.end);
    set.settle();
    for (const Interval& interval : set.intervals())
      finding.offsets.push_back({interval.begin, interval.end - interval.begin});
    std::erase_if(finding.messages, [](const MessageRun& run) { return run.producer == kNoId; });
    settle_witnesses(finding.witnesses);
    tell(std::move(finding));
    offsets.clear();
  };
  Finding open;
  for (std::size_t i = 0; i < conflicts_.size(); ++i) {
    const Conflict& next = conflicts_[i];
    if (i > 0 && adjacent(conflicts_[begin], open, next)) {
      for (MessageRun& run : open.messages) run.count += next.count;
    } else {
      if (i > 0) close(open);
      begin = i;
      open = Finding();
      open.kind = Kind::offset_conflict;
      open.severity = next.severity;
      open.where = next.where;
      open.messages = {{next.first.producer, next.first.sequence, next.count},
                       {next.second.producer, next.second.sequence, next.count}};
    }
    offsets.push_back({next.offset, next.offset + next.count});
    merge_into(open.witnesses, next.witnesses);
  }
  if (!conflicts_.empty()) close(open);
  conflicts_.clear();
}

void Accusations::tell(Finding finding) {
  std::sort(finding.faults.begin(), finding.faults.end(),
            [this](Id a, Id b) { return compare_names(a, b, store_.names) < 0; });
  findings_.add(std::move(finding));
}

std::vector<Finding> Accusations::settle() {
  group_records();
  group_conflicts();
  return findings_.take();
}

}  // namespace coordinator::judge
