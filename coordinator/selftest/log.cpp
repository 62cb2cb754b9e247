#include "coordinator/selftest/log.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace coordinator::selftest {
namespace evidence = workloads::evidence;

namespace {

// Of what moves a reader of a partition: a delivery, or where it begins or ends to read.
bool moves(const evidence::Event& event, Id consumer, Partition where) {
  const auto is = [&](const auto* one) { return one != nullptr && one->consumer == consumer && one->where == where; };
  return is(std::get_if<evidence::Deliver>(&event)) || is(std::get_if<evidence::Assign>(&event)) ||
         is(std::get_if<evidence::Revoke>(&event)) || is(std::get_if<evidence::Seek>(&event));
}

bool neighbours(const Stored& a, const Stored& b) {
  return a.producer == b.producer && a.sequence + 1 == b.sequence && a.offset + 1 == b.offset &&
         a.transactional == b.transactional;
}

bool lies_in(Region region, std::size_t start, std::size_t count, std::size_t size) {
  switch (region) {
    case Region::head:
      return start == 0;
    case Region::tail:
      return start + count == size;
    case Region::middle:
      return start > 0 && start + count < size;
    case Region::anywhere:
      return true;
  }
  return false;
}

}  // namespace

std::vector<Partition> partitions_of(const Recording& recording) {
  std::vector<Partition> all;
  each<evidence::Audit>(recording, [&](const evidence::Audit& audit) { all.push_back(audit.where); });
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::int64_t end_of(const Recording& recording, Partition where) {
  std::int64_t end = 0;
  each<evidence::Audit>(recording, [&](const evidence::Audit& audit) {
    if (audit.where == where) end = std::max(end, audit.end);
  });
  return end;
}

std::vector<Stored> log_of(const Recording& recording, Partition where) {
  std::set<Id> auditors;
  each<evidence::Audit>(recording, [&](const evidence::Audit& audit) {
    if (audit.where == where) auditors.insert(audit.consumer);
  });
  std::set<std::pair<Id, std::int64_t>> transactional;
  each<evidence::Send>(recording, [&](const evidence::Send& send) {
    if (send.where == where && send.transaction != kNoOffset) transactional.emplace(send.producer, send.sequence);
  });
  std::vector<Stored> log;
  each<evidence::Deliver>(recording, [&](const evidence::Deliver& d) {
    if (d.where == where && auditors.contains(d.consumer) && d.producer != kNoId)
      log.push_back({where, d.offset, d.producer, d.sequence, transactional.contains({d.producer, d.sequence})});
  });
  std::sort(log.begin(), log.end(), [](const Stored& a, const Stored& b) { return a.offset < b.offset; });
  return log;
}

std::vector<Reader> readers_of(const Recording& recording, Partition where) {
  std::map<Id, Reader> readers;
  for (std::size_t file = 0; file < recording.files.size(); ++file)
    for (const auto& event : recording.files[file])
      if (const auto* d = std::get_if<evidence::Deliver>(&event); d != nullptr && d->where == where) {
        Reader& reader = readers[d->consumer];
        reader.consumer = d->consumer;
        reader.file = file;
        reader.within = reader.within || d->within_transaction != kNoOffset;
      }
  each<evidence::ConsumerInfo>(recording, [&](const evidence::ConsumerInfo& info) {
    if (const auto found = readers.find(info.consumer); found != readers.end()) found->second.group = info.group;
  });
  each<evidence::Audit>(recording, [&](const evidence::Audit& audit) {
    if (const auto found = readers.find(audit.consumer); found != readers.end()) found->second.audits = true;
  });
  std::vector<Reader> all;
  for (const auto& [id, reader] : readers) all.push_back(reader);
  return all;
}

std::optional<std::size_t> delivery(const Recording& recording, const Reader& reader, Partition where,
                                    std::int64_t offset) {
  const Lines& lines = recording.files[reader.file];
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (const auto* d = std::get_if<evidence::Deliver>(&lines[i]);
        d != nullptr && d->consumer == reader.consumer && d->where == where && d->offset == offset)
      return i;
  return std::nullopt;
}

bool reads_on(const Recording& recording, const Reader& reader, Partition where, std::int64_t from, std::int64_t to) {
  const auto at = delivery(recording, reader, where, from);
  if (!at) return false;
  const Lines& lines = recording.files[reader.file];
  const auto next = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(*at) + 1, lines.end(),
                                 [&](const auto& event) { return moves(event, reader.consumer, where); });
  const auto* d = next == lines.end() ? nullptr : std::get_if<evidence::Deliver>(&*next);
  return d != nullptr && d->offset == to;
}

std::vector<Stored> some_records(const Recording& recording, common::base::Random& random, const Wanted& wanted) {
  std::vector<std::vector<Stored>> candidates;
  for (const Partition where : partitions_of(recording)) {
    const auto log = log_of(recording, where);
    std::size_t length = 0;  // of the neighbours that end at i
    for (std::size_t i = 0; i < log.size(); ++i) {
      length = i > 0 && neighbours(log[i - 1], log[i]) ? length + 1 : 1;
      if (length < wanted.count || wanted.transactional.value_or(log[i].transactional) != log[i].transactional)
        continue;
      const std::size_t start = i + 1 - wanted.count;
      if (lies_in(wanted.region, start, wanted.count, log.size()))
        candidates.emplace_back(log.begin() + static_cast<std::ptrdiff_t>(start),
                                log.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }
  return one_of(candidates, random).value_or(std::vector<Stored>{});
}

}  // namespace coordinator::selftest
