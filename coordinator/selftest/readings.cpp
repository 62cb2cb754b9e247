// What readers made of a log, and what was seen of it from outside.
#include <algorithm>

#include "coordinator/selftest/edits.h"
#include "coordinator/selftest/mutation.h"

namespace coordinator::selftest {
namespace evidence = workloads::evidence;
using evidence::Deliver;

namespace {

// A reader that is no audit and owes nothing, and a record that it was handed between two others, all in one ownership.
struct Reading {
  Reader reader;
  Stored before, record, after;
};
std::vector<Reading> readings_of(const Recording& recording, Partition where) {
  std::vector<Reading> all;
  const auto log = log_of(recording, where);
  for (const Reader& reader : readers_of(recording, where)) {
    if (reader.audits || reader.within) continue;
    for (std::size_t i = 1; i + 1 < log.size(); ++i)
      if (log[i - 1].producer != kNoId) all.push_back({reader, log[i - 1], log[i], log[i + 1]});
  }
  return all;
}
std::optional<Reading> some_reading(const Recording& recording, Random& random) {
  const auto where = one_of(partitions_of(recording), random);
  if (!where) return std::nullopt;
  auto all = readings_of(recording, *where);
  while (!all.empty()) {
    const std::size_t i = random.below(all.size());
    const Reading one = all[i];
    if (reads_on(recording, one.reader, *where, one.before.offset, one.record.offset) &&
        reads_on(recording, one.reader, *where, one.record.offset, one.after.offset))
      return one;
    all[i] = all.back();
    all.pop_back();
  }
  return std::nullopt;
}

void remove_from_reader(Recording& recording, const Reader& reader, const Stored& record) {
  erase<Deliver>(recording, [&](const Deliver& d) {
    return d.consumer == reader.consumer && d.where == record.where && d.offset == record.offset;
  });
}

std::string by(const Recording& recording, const Reader& reader) {
  return " by " + name_of(recording, reader.consumer);
}

// The last sample of some partition that tells what is asked for.
template <typename F>
std::optional<std::pair<std::size_t, evidence::Sample>> some_last_sample(const Recording& recording, Random& random,
                                                                         F tells) {
  const auto where = one_of(partitions_of(recording), random);
  std::optional<std::pair<std::size_t, evidence::Sample>> last;
  for (std::size_t file = 0; file < recording.files.size(); ++file)
    for (const auto& event : recording.files[file])
      if (const auto* one = std::get_if<evidence::Sample>(&event); one != nullptr && where && one->where == *where)
        if (tells(*one)) last = {file, *one};
  return last;
}

struct SteppedBack {
  Planted planted;
  Reader reader;
  Partition where;
  std::size_t behind = 0;  // the step: after this event of the reader's file
  std::int64_t to = 0;
};
// One of its last records again, and those behind it.
std::optional<SteppedBack> step_back(Recording& recording, Random& random) {
  const auto reading = some_reading(recording, random);
  if (!reading) return std::nullopt;
  const Reader& reader = reading->reader;
  const Partition where = reading->record.where;
  const auto log = log_of(recording, where);
  const auto here =
      std::find_if(log.begin(), log.end(), [&](const Stored& one) { return one.offset == reading->record.offset; });
  auto back = here;
  for (auto steps = random.below(6); steps > 0 && back != log.begin(); --steps) {
    if (!reads_on(recording, reader, where, std::prev(back)->offset, back->offset)) break;
    --back;
  }
  Lines again;
  for (auto one = back; one <= here; ++one)
    again.push_back(recording.files[reader.file][*delivery(recording, reader, where, one->offset)]);
  const auto at = delivery(recording, reader, where, here->offset);
  for (auto& event : again) std::get<Deliver>(event).at = std::get<Deliver>(again.back()).at;
  insert_after(recording, reader, *at, again);
  const std::string what = "after " + told(recording, {*here}) + " again " + told(recording, {*back});
  return SteppedBack{
      {what + by(recording, reader), {found({*back}, reader.consumer)}}, reader, where, *at, back->offset};
}

}  // namespace

std::optional<Planted> vanish_after_reading(Recording& recording, Random& random) {
  const auto reading = some_reading(recording, random);
  if (!reading) return std::nullopt;
  for (const Reader& reader : readers_of(recording, reading->record.where))
    if (reader.audits) remove_from_reader(recording, reader, reading->record);
  return Planted{told(recording, {reading->record}) + " not found by the audit", {found({reading->record})}};
}

std::optional<Planted> skip(Recording& recording, Random& random) {
  const auto reading = some_reading(recording, random);
  if (!reading) return std::nullopt;
  remove_from_reader(recording, reading->reader, reading->record);
  // It did not stop there to commit: that would be a defect more, a commit of what it had not been handed.
  erase<evidence::Commit>(recording, [&](const evidence::Commit& commit) {
    return commit.consumer == reading->reader.consumer && commit.where == reading->record.where &&
           commit.offset == reading->record.offset + 1;
  });
  return Planted{told(recording, {reading->record}) + " passed over" + by(recording, reading->reader),
                 {found({reading->record}, reading->reader.consumer)}};
}

std::optional<Planted> sought_over(Recording& recording, Random& random) {
  const auto reading = some_reading(recording, random);
  if (!reading) return std::nullopt;
  const auto& record = reading->record;
  auto& event =
      recording.files[reading->reader.file][*delivery(recording, reading->reader, record.where, record.offset)];
  const std::int64_t at = std::get<Deliver>(event).at;
  event = evidence::Seek{reading->reader.consumer, record.where, reading->after.offset, at};
  return Planted{told(recording, {record}) + " sought over" + by(recording, reading->reader), {}};
}

std::optional<Planted> rewind(Recording& recording, Random& random) {
  auto stepped = step_back(recording, random);
  if (!stepped) return std::nullopt;
  return stepped->planted;
}

std::optional<Planted> sought_back(Recording& recording, Random& random) {
  auto stepped = step_back(recording, random);
  if (!stepped) return std::nullopt;
  const auto& before = std::get<Deliver>(recording.files[stepped->reader.file][stepped->behind]);
  insert_after(recording, stepped->reader, stepped->behind,
               {evidence::Seek{stepped->reader.consumer, stepped->where, stepped->to, before.at}});
  return Planted{stepped->planted.what + ", after a seek", {}};
}

std::optional<Planted> other_record_at_offset(Recording& recording, Random& random) {
  const auto reading = some_reading(recording, random);
  if (!reading) return std::nullopt;
  change_deliveries(recording, reading->record, [&](Deliver& d) {
    if (d.consumer != reading->reader.consumer) return;
    d.producer = kNoId;
    d.sequence = kNoOffset;
  });
  return Planted{
      "a foreign record instead of " + told(recording, {reading->record}) + " read" + by(recording, reading->reader),
      {found({reading->record})},
      1};
}

// Nobody has come so far, and no audit says whether it is there.
std::optional<Planted> unread_at_the_end(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::tail, {}});
  if (records.empty()) return std::nullopt;
  const Stored& record = records.front();
  remove_from_log(recording, record);
  erase<evidence::Audit>(recording, [&](const evidence::Audit& audit) { return audit.where == record.where; });
  erase<evidence::Commit>(recording, [&](const evidence::Commit& commit) {
    return commit.where == record.where && commit.offset > record.offset;
  });
  return Planted{told(recording, records) + " read by nobody, and no audit", {found(records)}};
}

std::optional<Planted> older_leader(Recording& recording, Random& random) {
  const auto reading = some_reading(recording, random);
  if (!reading) return std::nullopt;
  const auto& record = reading->record;
  auto& lines = recording.files[reading->reader.file];
  const auto at = [&](std::int64_t offset) -> Deliver& {
    return std::get<Deliver>(lines[*delivery(recording, reading->reader, record.where, offset)]);
  };
  const std::int32_t before = at(reading->before.offset).leader_epoch;
  if (before < 1) return std::nullopt;
  at(record.offset).leader_epoch = before - 1;
  return Planted{told(recording, {record}) + " from epoch " + std::to_string(before - 1) + " after one from " +
                     std::to_string(before),
                 {found({record}, reading->reader.consumer)}};
}

std::optional<Planted> end_goes_back(Recording& recording, Random& random) {
  auto last = some_last_sample(recording, random, [](const evidence::Sample& one) { return one.end > 0; });
  if (!last) return std::nullopt;
  auto& [file, sample] = *last;
  const std::int64_t old = sample.end;
  sample.end -= std::min(old, static_cast<std::int64_t>(1 + random.below(9)));
  sample.at = after_all(recording);
  recording.files[file].emplace_back(sample);
  Expected expected{sample.where, kNoId, {}, {}};
  for (std::int64_t offset = sample.end; offset < old; ++offset) expected.offsets.push_back(offset);
  return Planted{"the end of " + name_of(recording, sample.where.topic) + "-" + std::to_string(sample.where.partition) +
                     " seen at " + std::to_string(sample.end) + " after " + std::to_string(old),
                 {expected}};
}

}  // namespace coordinator::selftest
