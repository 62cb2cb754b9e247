// What producers were told, or said, that the log does not bear out.
#include <algorithm>
#include <map>

#include "coordinator/selftest/edits.h"
#include "coordinator/selftest/mutation.h"

namespace coordinator::selftest {
namespace evidence = workloads::evidence;
using evidence::Ack;

namespace {

bool is_of(const Ack& ack, const Stored& record) {
  return ack.producer == record.producer && ack.where == record.where && ack.sequence == record.sequence;
}

std::optional<Planted> tell_another_offset(Recording& recording, const Stored& record, std::int64_t told_offset) {
  if (told_offset == record.offset || told_offset < 0 || told_offset >= end_of(recording, record.where))
    return std::nullopt;
  each<Ack>(recording, [&](Ack& ack) {
    if (is_of(ack, record)) ack.offset = told_offset;
  });
  return Planted{told(recording, {record}) + " acked at @" + std::to_string(told_offset),
                 {{record.where, kNoId, {{record.producer, record.sequence}}, {record.offset, told_offset}}}};
}

using Id64 = std::pair<Id, std::int64_t>;
struct Times {
  std::map<Id64, std::int64_t> sent, acked;  // of the records of one partition
};
Times times_of(const Recording& recording, Partition where) {
  Times times;
  each<evidence::Send>(recording, [&](const evidence::Send& send) {
    if (send.where == where) times.sent[{send.producer, send.sequence}] = send.at;
  });
  each<Ack>(recording, [&](const Ack& ack) {
    if (ack.where == where) times.acked[{ack.producer, ack.sequence}] = ack.at;
  });
  return times;
}

// The last record was sent after an elder one was acked; all stand side by side, and nothing of its own producer before
// it.
struct Elders {
  std::vector<Stored> records;
  std::size_t acked = 0;  // index of the elder one with the highest offset
};
std::vector<Elders> elders_of(const Recording& recording, Partition where) {
  const auto log = log_of(recording, where);
  const Times times = times_of(recording, where);
  std::vector<Elders> all;
  for (std::size_t i = 1; i < log.size(); ++i) {
    const auto sent = times.sent.find({log[i].producer, log[i].sequence});
    if (log[i].transactional || sent == times.sent.end()) continue;
    std::size_t from = i, acked = i;
    while (from > 0 && log[from - 1].producer != log[i].producer && log[from - 1].offset + 1 == log[from].offset &&
           !log[from - 1].transactional) {
      --from;
      const auto ack = times.acked.find({log[from].producer, log[from].sequence});
      if (acked == i && ack != times.acked.end() && ack->second < sent->second) acked = from;
      if (acked == i) continue;
      const auto begin = log.begin() + static_cast<std::ptrdiff_t>(from);
      all.push_back({{begin, log.begin() + static_cast<std::ptrdiff_t>(i) + 1}, acked - from});
    }
  }
  return all;
}

}  // namespace

std::optional<Planted> shift_acked_offset(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::middle, {}});
  if (records.empty()) return std::nullopt;
  const auto by = static_cast<std::int64_t>(1 + random.below(5));
  return tell_another_offset(recording, records.front(), records.front().offset + (random.below(2) == 0 ? by : -by));
}

std::optional<Planted> zero_acked_offset(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::middle, {}});
  if (records.empty()) return std::nullopt;
  return tell_another_offset(recording, records.front(), 0);
}

std::optional<Planted> refused_yet_there(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::anywhere, false});
  if (records.empty()) return std::nullopt;
  for (Lines& lines : recording.files)
    for (auto& event : lines)
      if (const auto* ack = std::get_if<Ack>(&event); ack != nullptr && is_of(*ack, records.front()))
        event = evidence::Refuse{.producer = ack->producer,
                                 .where = ack->where,
                                 .sequence = ack->sequence,
                                 .reason = recording.id("_QUEUE_FULL"),
                                 .at = ack->at};
  return Planted{told(recording, records) + " refused, yet in the log", {found(records)}};
}

std::optional<Planted> stored_before_its_elder(Recording& recording, Random& random) {
  std::vector<Elders> all;
  for (const Partition where : partitions_of(recording)) {
    const auto here = elders_of(recording, where);
    all.insert(all.end(), here.begin(), here.end());
  }
  const auto chosen = one_of(all, random);
  if (!chosen) return std::nullopt;
  const auto& records = chosen->records;
  const Stored &first = records.front(), &young = records.back(), &elder = records[chosen->acked];
  const auto last = static_cast<std::int64_t>(records.size()) - 1;
  each<Ack>(recording, [&](Ack& ack) {
    if (ack.where != first.where || ack.offset < first.offset || ack.offset > young.offset) return;
    ack.offset = is_of(ack, young) ? first.offset : ack.offset + 1;
  });
  each<evidence::Deliver>(recording, [&](evidence::Deliver& d) {
    const std::int64_t i = d.offset - first.offset;
    if (d.where != first.where || i < 0 || i > last) return;
    const Stored& now = i == 0 ? young : records[static_cast<std::size_t>(i - 1)];
    d.producer = now.producer;
    d.sequence = now.sequence;
  });
  deliver_together(recording, first.where, first.offset, young.offset);
  return Planted{told(recording, {young}) + " stored @" + std::to_string(first.offset) + ", before " +
                     told(recording, {elder}) + ", which was acked before it was sent",
                 {{first.where,
                   kNoId,
                   {{elder.producer, elder.sequence}, {young.producer, young.sequence}},
                   {elder.offset + 1, first.offset}}}};
}

}  // namespace coordinator::selftest
