#include "coordinator/judge/accusations.h"

#include <algorithm>
#include <tuple>

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

bool follows(const Record& a, const Record& b) {
  if (a.kind != b.kind || a.severity != b.severity || a.proof != b.proof || a.where != b.where ||
      a.consumer != b.consumer || a.producer != b.producer || a.target != b.target)
    return false;
  // Equal records that were cut differently overlap: they are the same records.
  if (b.sequence > a.sequence + a.count || a.offsets.size() != b.offsets.size()) return false;
  for (std::size_t i = 0; i < a.offsets.size(); ++i)
    if (b.offsets[i] - a.offsets[i] != b.sequence - a.sequence) return false;
  return true;
}

std::vector<OffsetRun> offsets_of(const std::vector<std::int64_t>& offsets, std::int64_t count) {
  IntervalSet set;
  for (const std::int64_t offset : offsets) set.add(offset, offset + count);
  set.settle();
  std::vector<OffsetRun> runs;
  for (const Interval& interval : set.intervals()) runs.push_back({interval.begin, interval.end - interval.begin});
  return runs;
}

void add_faults(std::vector<Id>& faults, const std::vector<Id>& more) {
  for (const Id fault : more)
    if (std::find(faults.begin(), faults.end(), fault) == faults.end()) faults.push_back(fault);
}

}  // namespace

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

void Accusations::add(Record record, std::initializer_list<Stamp> when) {
  if (!store_.faults.empty()) record.faults = faults_at(when);
  records_.push_back(std::move(record));
}

void Accusations::add(Finding finding, std::initializer_list<Stamp> when) {
  if (!store_.faults.empty()) finding.faults = faults_at(when);
  settle_witnesses(finding.witnesses);
  findings_.push_back(std::move(finding));
}

int Accusations::compare_names(Id a, Id b) const {
  if (a == b) return 0;
  if (a == kNoId || b == kNoId) return a == kNoId ? -1 : 1;
  return store_.names.text(a).compare(store_.names.text(b));
}

void Accusations::group_records(std::vector<Finding>& findings) {
  const auto key = [](const Record& r) {
    return std::tie(r.kind, r.severity, r.proof, r.where, r.consumer, r.producer, r.target);
  };
  // By the first offset within equal sequences, so that records at several places are met in one order.
  std::sort(records_.begin(), records_.end(), [&](const Record& a, const Record& b) {
    if (key(a) != key(b)) return key(a) < key(b);
    return std::tie(a.sequence, a.offsets, a.count) < std::tie(b.sequence, b.offsets, b.count);
  });
  std::vector<Record> kept;
  for (Record& record : records_) {
    if (!kept.empty() && follows(kept.back(), record)) {
      Record& last = kept.back();
      last.count = std::max(last.sequence + last.count, record.sequence + record.count) - last.sequence;
      merge_into(last.witnesses, record.witnesses);
      add_faults(last.faults, record.faults);
    } else {
      kept.push_back(std::move(record));
    }
  }
  records_.clear();
  for (Record& record : kept) {
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
    findings.push_back(std::move(finding));
  }
}

void Accusations::group_conflicts(std::vector<Finding>& findings) {
  const auto claim = [](const Conflict::Claim& c) { return std::tie(c.producer, c.target); };
  std::sort(conflicts_.begin(), conflicts_.end(), [&](const Conflict& a, const Conflict& b) {
    const auto key = [&](const Conflict& c) { return std::tuple_cat(std::tie(c.where, c.severity), claim(c.first), claim(c.second)); };
    if (key(a) != key(b)) return key(a) < key(b);
    return std::tie(a.first.sequence, a.second.sequence, a.offset) < std::tie(b.first.sequence, b.second.sequence, b.offset);
  });
  const auto adjacent = [&](const Conflict& a, const Finding& begun, const Conflict& b) {
    const std::int64_t count = begun.messages.front().count;
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
    for (const Interval& interval : set.intervals()) finding.offsets.push_back({interval.begin, interval.end - interval.begin});
    std::erase_if(finding.messages, [](const MessageRun& run) { return run.producer == kNoId; });
    settle_witnesses(finding.witnesses);
    findings.push_back(std::move(finding));
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

std::vector<Finding> Accusations::settle() {
  std::vector<Finding> findings = std::move(findings_);
  group_records(findings);
  group_conflicts(findings);
  const auto compare_where = [this](const Partition& a, const Partition& b) {
    if (const int names = compare_names(a.topic, b.topic); names != 0) return names;
    return a.partition < b.partition ? -1 : a.partition > b.partition ? 1 : 0;
  };
  const auto first_offset = [](const Finding& f) { return f.offsets.empty() ? kNoOffset : f.offsets.front().offset; };
  std::sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) {
    if (a.severity != b.severity) return a.severity < b.severity;
    if (const int where = compare_where(a.where, b.where); where != 0) return where < 0;
    if (first_offset(a) != first_offset(b)) return first_offset(a) < first_offset(b);
    if (a.kind != b.kind) return std::string_view(name_of(a.kind)) < name_of(b.kind);
    if (const int consumer = compare_names(a.consumer, b.consumer); consumer != 0) return consumer < 0;
    for (std::size_t i = 0; i < std::min(a.messages.size(), b.messages.size()); ++i) {
      if (const int name = compare_names(a.messages[i].producer, b.messages[i].producer); name != 0) return name < 0;
      if (a.messages[i].sequence != b.messages[i].sequence) return a.messages[i].sequence < b.messages[i].sequence;
      if (a.messages[i].count != b.messages[i].count) return a.messages[i].count < b.messages[i].count;
    }
    if (a.messages.size() != b.messages.size()) return a.messages.size() < b.messages.size();
    for (std::size_t i = 0; i < std::min(a.transactions.size(), b.transactions.size()); ++i) {
      if (const int name = compare_names(a.transactions[i].producer, b.transactions[i].producer); name != 0) return name < 0;
      if (a.transactions[i].transaction != b.transactions[i].transaction)
        return a.transactions[i].transaction < b.transactions[i].transaction;
    }
    return a.witnesses < b.witnesses;
  });
  for (Finding& finding : findings)
    std::sort(finding.faults.begin(), finding.faults.end(), [this](Id a, Id b) { return compare_names(a, b) < 0; });
  return findings;
}

}  // namespace coordinator::judge
