// What a cluster may have done to a record in its log, so that every reader and the audit found the same.
#include <algorithm>
#include <cstdlib>

#include "common/base/assert.h"
#include "coordinator/selftest/edits.h"
#include "coordinator/selftest/mutation.h"
#include "workloads/evidence/message.h"

namespace coordinator::selftest {
namespace evidence = workloads::evidence;
using evidence::Deliver;

namespace {

std::optional<Planted> drop(Recording& recording, Random& random, Region region) {
  // What is lacking of a transaction of which something is there makes it torn, not lost.
  const auto records = some_records(recording, random, {1, region, false});
  if (records.empty()) return std::nullopt;
  remove_from_log(recording, records.front());
  return Planted{told(recording, records) + " removed from the log", {found(records)}};
}

// Every reader that was handed one of the two neighbours was handed the other next.
bool all_read_on(const Recording& recording, Partition where, std::int64_t from, std::int64_t to) {
  for (const Reader& reader : readers_of(recording, where)) {
    const bool one = delivery(recording, reader, where, from).has_value();
    const bool other = delivery(recording, reader, where, to).has_value();
    if (one != other || (one && !reads_on(recording, reader, where, from, to))) return false;
  }
  return true;
}

// A second copy in front of `before`.
std::optional<Planted> duplicate(Recording& recording, const Stored& original, const Stored& before) {
  if (!all_read_on(recording, before.where, before.offset - 1, before.offset)) return std::nullopt;
  Planted planted{
      told(recording, {original}) + " appended again @" + std::to_string(before.offset),
      {{original.where, kNoId, {{original.producer, original.sequence}}, {original.offset, before.offset}}}};
  make_room(recording, before.where, before.offset);
  insert_into_log(recording, before.where, before.offset,
                  Deliver{.producer = original.producer, .sequence = original.sequence, .target = original.where});
  return planted;
}

// The first `half` of the records and the others change places.
std::optional<Planted> swap(Recording& recording, Random& random, std::size_t half) {
  const auto records = some_records(recording, random, {2 * half, Region::anywhere, {}});
  if (records.empty()) return std::nullopt;
  const Stored& first = records.front();
  const auto count = static_cast<std::int64_t>(records.size()), by = static_cast<std::int64_t>(half);
  each<evidence::Ack>(recording, [&](evidence::Ack& ack) {
    const std::int64_t i = ack.sequence - first.sequence;
    if (ack.producer == first.producer && ack.where == first.where && i >= 0 && i < count && ack.offset != kNoOffset)
      ack.offset = first.offset + (i + by) % count;
  });
  each<Deliver>(recording, [&](Deliver& d) {
    const std::int64_t i = d.offset - first.offset;
    if (d.where == first.where && i >= 0 && i < count) d.sequence = first.sequence + (i + by) % count;
  });
  deliver_together(recording, first.where, first.offset, records.back().offset);
  return Planted{told(recording, records) + ": its halves stored in the wrong order",
                 {{first.where,
                   kNoId,
                   {{first.producer, first.sequence + by - 1}, {first.producer, first.sequence + by}},
                   {first.offset + count - 1, first.offset}}}};
}

std::optional<Planted> append_phantom(Recording& recording, Random& random, Id producer, std::int64_t sequence) {
  const auto where = one_of(partitions_of(recording), random);
  if (!where || log_of(recording, *where).empty()) return std::nullopt;
  const std::int64_t offset =
      append_to_log(recording, *where, Deliver{.producer = producer, .sequence = sequence, .target = *where});
  const std::vector<Stored> phantom = {{*where, offset, producer, sequence}};
  return Planted{told(recording, phantom) + " appended, which nobody sent", {found(phantom)}};
}

}  // namespace

std::optional<Planted> drop_at_head(Recording& recording, Random& random) {
  return drop(recording, random, Region::head);
}
std::optional<Planted> drop_in_the_middle(Recording& recording, Random& random) {
  return drop(recording, random, Region::middle);
}
std::optional<Planted> drop_at_tail(Recording& recording, Random& random) {
  return drop(recording, random, Region::tail);
}

// A leader that came back without the last records, before anybody had read them.
std::optional<Planted> truncate_tail(Recording& recording, Random& random) {
  const auto last = some_records(recording, random, {1, Region::tail, false});
  if (last.empty()) return std::nullopt;
  const Partition where = last.front().where;
  auto log = log_of(recording, where);
  const std::size_t count = std::min<std::size_t>(log.size() - 1, 2 + random.below(12));
  log.erase(log.begin(), log.end() - static_cast<std::ptrdiff_t>(count));
  if (std::any_of(log.begin(), log.end(), [](const Stored& record) { return record.transactional; }))
    return std::nullopt;
  const std::int64_t cut = log.front().offset;
  for (const Stored& record : log) remove_from_log(recording, record);
  erase<evidence::Commit>(recording,
                          [&](const evidence::Commit& one) { return one.where == where && one.offset > cut; });
  each<evidence::Audit>(recording, [&](evidence::Audit& audit) {
    if (audit.where == where) audit.end = std::min(audit.end, cut);
  });
  // That the end went back is then a consequence.
  for (Lines& lines : recording.files) {
    const auto sample = std::find_if(lines.rbegin(), lines.rend(), [&](const evidence::Event& event) {
      const auto* one = std::get_if<evidence::Sample>(&event);
      return one != nullptr && one->where == where && one->end != kNoOffset;
    });
    if (sample == lines.rend()) continue;
    auto later = std::get<evidence::Sample>(*sample);
    later.at = after_all(recording);
    later.end = cut;
    lines.emplace_back(later);
  }
  return Planted{"the log of " + name_of(recording, where.topic) + "-" + std::to_string(where.partition) +
                     " cut off at @" + std::to_string(cut),
                 found_apart(log)};
}

std::optional<Planted> duplicate_near(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {2, Region::anywhere, {}});
  if (records.empty()) return std::nullopt;
  return duplicate(recording, records[0], records[1]);
}

std::optional<Planted> duplicate_far(Recording& recording, Random& random) {
  const auto original = some_records(recording, random, {1, Region::anywhere, {}});
  if (original.empty()) return std::nullopt;
  constexpr std::int64_t kFar = 50;
  std::vector<Stored> places;
  const auto log = log_of(recording, original.front().where);
  for (std::size_t i = 1; i < log.size(); ++i)
    if (log[i].offset >= original.front().offset + kFar && log[i - 1].offset + 1 == log[i].offset)
      places.push_back(log[i]);
  const auto place = one_of(places, random);
  if (!place) return std::nullopt;
  return duplicate(recording, original.front(), *place);
}

std::optional<Planted> swap_neighbours(Recording& recording, Random& random) {
  return swap(recording, random, 1);
}
std::optional<Planted> swap_batches(Recording& recording, Random& random) {
  return swap(recording, random, 2 + random.below(2));
}

std::optional<Planted> move_to_another_partition(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::anywhere, {}});
  if (records.empty()) return std::nullopt;
  const Stored& moved = records.front();
  auto others = partitions_of(recording);
  std::erase_if(others, [&](const Partition& other) {
    return other == moved.where || other.topic != moved.where.topic || log_of(recording, other).empty();
  });
  const auto other = one_of(others, random);
  if (!other) return std::nullopt;
  remove_from_log(recording, moved);
  const std::int64_t offset = append_to_log(
      recording, *other, Deliver{.producer = moved.producer, .sequence = moved.sequence, .target = moved.where});
  return Planted{told(recording, records) + " stored in partition " + std::to_string(other->partition) + " @" +
                     std::to_string(offset) + " instead",
                 {{*other, kNoId, {{moved.producer, moved.sequence}}, {offset}}}};
}

std::optional<Planted> never_sent(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::anywhere, {}});
  if (records.empty()) return std::nullopt;
  const auto beyond = static_cast<std::int64_t>(1'000'000 + random.below(1000));
  return append_phantom(recording, random, records.front().producer, beyond);
}

std::optional<Planted> sent_by_nobody(Recording& recording, Random& random) {
  return append_phantom(recording, random, recording.id(evidence::producer_name(random.next())),
                        static_cast<std::int64_t>(random.below(1000)));
}

// The message is built as producers build it, a bit of it is flipped, and it is read as consumers read it.
std::optional<Planted> flip_a_bit(Recording& recording, Random& random) {
  const auto records = some_records(recording, random, {1, Region::anywhere, {}});
  if (records.empty()) return std::nullopt;
  const Stored& record = records.front();
  evidence::Identity identity;
  const std::string name = name_of(recording, record.producer);
  identity.producer = std::strtoull(name.c_str() + 2, nullptr, 16);
  identity.partition = record.where.partition;
  identity.sequence = record.sequence;
  char value[2 * evidence::kIdentitySize] = {};
  evidence::write_identity(identity, "", value, sizeof value);
  // Behind the magic, without which it would be a record of somebody else.
  const std::size_t bit = 32 + random.below(8 * (sizeof value - 4));
  value[bit / 8] = static_cast<char>(value[bit / 8] ^ (1 << (bit % 8)));
  evidence::Identity read;
  FIREDRILL_ASSERT(evidence::read_identity("", {value, sizeof value}, read) == evidence::ReadOutcome::corrupt);
  const bool of_this_run = read.run == identity.run;
  const bool an_id = of_this_run && read.sequence >= 0 && read.sequence <= INT64_MAX / 2;
  Expected expected{record.where, kNoId, {}, {record.offset}};
  if (an_id) expected.messages = {{recording.id(evidence::producer_name(read.producer)), read.sequence}};
  change_deliveries(recording, record, [&](Deliver& d) {
    d.intact = false;
    d.producer = an_id ? expected.messages.front().first : kNoId;
    d.sequence = an_id ? read.sequence : kNoOffset;
  });
  return Planted{told(recording, records) + ": bit " + std::to_string(bit) + " of the message flipped", {expected}};
}

}  // namespace coordinator::selftest
