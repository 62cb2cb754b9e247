// What members of a group did that the contract of groups forbids.
#include <algorithm>

#include "coordinator/selftest/edits.h"
#include "coordinator/selftest/mutation.h"

namespace coordinator::selftest {
namespace evidence = workloads::evidence;
using evidence::Deliver;

namespace {

// The member that read a partition to its end, and what it was handed since it owns it.
struct Owner {
  Partition where;
  Reader reader;
  std::vector<Stored> records;
};

std::vector<Stored> of_last_ownership(const Recording& recording, const Reader& reader, Partition where) {
  std::vector<Stored> records;
  for (const auto& event : recording.files[reader.file]) {
    if (const auto* assign = std::get_if<evidence::Assign>(&event);
        assign != nullptr && assign->consumer == reader.consumer && assign->where == where)
      records.clear();
    if (const auto* d = std::get_if<Deliver>(&event);
        d != nullptr && d->consumer == reader.consumer && d->where == where && d->producer != kNoId)
      records.push_back({where, d->offset, d->producer, d->sequence});
  }
  return records;
}

std::optional<Owner> some_owner(const Recording& recording, Random& random) {
  std::vector<Owner> owners;
  for (const Partition where : partitions_of(recording)) {
    const auto log = log_of(recording, where);
    for (const Reader& reader : readers_of(recording, where)) {
      if (reader.group == kNoId || reader.within || log.empty()) continue;
      auto records = of_last_ownership(recording, reader, where);
      constexpr std::size_t kEnough = 20;
      if (records.size() >= kEnough && records.back().offset == log.back().offset)
        owners.push_back({where, reader, std::move(records)});
    }
  }
  return one_of(owners, random);
}

// Another member of the group that was there to the end.
std::optional<Reader> other_member(const Recording& recording, const Owner& owner, Random& random) {
  std::vector<Reader> members;
  for (std::size_t file = 0; file < recording.files.size(); ++file)
    for (const auto& event : recording.files[file])
      if (const auto* info = std::get_if<evidence::ConsumerInfo>(&event);
          info != nullptr && info->group == owner.reader.group && info->consumer != owner.reader.consumer)
        members.push_back({info->consumer, info->group, false, false, file});
  return one_of(members, random);
}

Deliver again(const Recording& recording, const Owner& owner, const Stored& record, Id consumer, std::int64_t at) {
  Deliver d = std::get<Deliver>(
      recording.files[owner.reader.file][*delivery(recording, owner.reader, owner.where, record.offset)]);
  d.consumer = consumer;
  d.at = at;
  d.span = 0;
  return d;
}

// The partition is given to a member again, and it reads these records.
void read_again(Recording& recording, const Owner& owner, const Reader& member, const std::vector<Stored>& records) {
  const std::int64_t at = after_all(recording);
  Lines lines;
  if (member.consumer == owner.reader.consumer) lines.emplace_back(evidence::Revoke{member.consumer, owner.where});
  lines.emplace_back(evidence::Assign{member.consumer, owner.where, records.front().offset, at});
  for (const Stored& record : records)
    lines.emplace_back(again(recording, owner, record, member.consumer, at + 1'000'000));
  lines.emplace_back(evidence::Revoke{member.consumer, owner.where, false, at + 2'000'000});
  append_lines(recording, member, lines);
}

std::string by(const Recording& recording, Id consumer) {
  return " by " + name_of(recording, consumer);
}

// Who owns it next: the same member or another one.
Reader next_owner(const Recording& recording, const Owner& owner, Random& random) {
  return random.below(2) == 0 ? owner.reader : other_member(recording, owner, random).value_or(owner.reader);
}

}  // namespace

std::optional<Planted> resume_before_confirmed(Recording& recording, Random& random) {
  const auto owner = some_owner(recording, random);
  if (!owner) return std::nullopt;
  std::int64_t confirmed = kNoOffset;
  each<evidence::Commit>(recording, [&](const evidence::Commit& commit) {
    if (commit.where == owner->where && commit.consumer == owner->reader.consumer &&
        commit.state == evidence::CommitState::confirmed)
      confirmed = std::max(confirmed, commit.offset);
  });
  std::vector<Stored> records = owner->records;
  std::erase_if(records, [&](const Stored& record) { return record.offset >= confirmed; });
  const std::size_t count = 1 + random.below(5);
  if (records.size() < count) return std::nullopt;
  records.erase(records.begin(), records.end() - static_cast<std::ptrdiff_t>(count));
  const Reader member = next_owner(recording, *owner, random);
  read_again(recording, *owner, member, records);
  return Planted{told(recording, records) + " again" + by(recording, member.consumer) + ", after a commit of " +
                     std::to_string(confirmed) + " was confirmed",
                 found_apart(records, member.consumer)};
}

// Nobody had confirmed a commit beyond them: that is what at-least-once means.
std::optional<Planted> redelivered_uncommitted(Recording& recording, Random& random) {
  const auto owner = some_owner(recording, random);
  if (!owner) return std::nullopt;
  std::vector<Stored> records = owner->records;
  records.erase(records.begin(), records.end() - static_cast<std::ptrdiff_t>(2 + random.below(8)));
  erase<evidence::Commit>(recording, [&](const evidence::Commit& commit) {
    return commit.where == owner->where && commit.offset > records.front().offset;
  });
  const Stored before = records.front();
  records.erase(records.begin());
  const auto at = delivery(recording, owner->reader, owner->where, before.offset);
  insert_after(
      recording, owner->reader, *at,
      {evidence::Commit{owner->reader.consumer, owner->where, records.front().offset, evidence::CommitState::confirmed,
                        std::get<Deliver>(recording.files[owner->reader.file][*at]).at}});
  const Reader member = next_owner(recording, *owner, random);
  read_again(recording, *owner, member, records);
  return Planted{told(recording, records) + " again" + by(recording, member.consumer) + ", never committed",
                 found_apart(records, member.consumer)};
}

std::optional<Planted> resume_beyond_commits(Recording& recording, Random& random) {
  const auto owner = some_owner(recording, random);
  if (!owner) return std::nullopt;
  const std::size_t count = 1 + random.below(4);
  const std::size_t first = 1 + random.below(owner->records.size() - count - 1);
  const std::vector<Stored> jumped(owner->records.begin() + static_cast<std::ptrdiff_t>(first),
                                   owner->records.begin() + static_cast<std::ptrdiff_t>(first + count));
  const Stored &last = owner->records[first - 1], &next = owner->records[first + count];
  for (const Stored& record : jumped)
    erase<Deliver>(recording, [&](const Deliver& d) {
      return d.consumer == owner->reader.consumer && d.where == owner->where && d.offset == record.offset;
    });
  const Id consumer = owner->reader.consumer;
  const auto at = delivery(recording, owner->reader, owner->where, last.offset);
  const std::int64_t time = std::get<Deliver>(recording.files[owner->reader.file][*at]).at;
  // What it committed of what it now has not read.
  erase<evidence::Commit>(recording, [&](const evidence::Commit& commit) {
    return commit.where == owner->where && commit.offset > last.offset + 1 && commit.offset <= next.offset;
  });
  insert_after(recording, owner->reader, *delivery(recording, owner->reader, owner->where, last.offset),
               {evidence::Commit{consumer, owner->where, last.offset + 1, evidence::CommitState::confirmed, time},
                evidence::Revoke{consumer, owner->where, false, time},
                evidence::Assign{consumer, owner->where, next.offset, time}});
  return Planted{told(recording, jumped) + " jumped over" + by(recording, consumer) + ", which resumed @" +
                     std::to_string(next.offset),
                 found_apart(jumped, consumer)};
}

std::optional<Planted> commit_ahead(Recording& recording, Random& random) {
  const auto owner = some_owner(recording, random);
  if (!owner) return std::nullopt;
  const std::size_t count = 1 + random.below(4);
  const std::size_t last = random.below(owner->records.size() - count);
  const std::vector<Stored> ahead(owner->records.begin() + static_cast<std::ptrdiff_t>(last) + 1,
                                  owner->records.begin() + static_cast<std::ptrdiff_t>(last + count) + 1);
  const auto at = delivery(recording, owner->reader, owner->where, owner->records[last].offset);
  evidence::Commit commit{owner->reader.consumer, owner->where, ahead.back().offset + 1, evidence::CommitState::asked,
                          std::get<Deliver>(recording.files[owner->reader.file][*at]).at};
  Lines lines = {commit};
  commit.state = evidence::CommitState::confirmed;
  lines.emplace_back(commit);
  insert_after(recording, owner->reader, *at, lines);
  return Planted{told(recording, ahead) + " committed" + by(recording, commit.consumer) + " before it was handed it",
                 found_apart(ahead, commit.consumer)};
}

// The partition is given to another member while its owner goes on to read.
std::optional<Planted> two_owners(Recording& recording, Random& random) {
  const auto owner = some_owner(recording, random);
  if (!owner) return std::nullopt;
  const auto member = other_member(recording, *owner, random);
  if (!member) return std::nullopt;
  const auto time = [&](const Stored& record) {
    const auto at = delivery(recording, owner->reader, owner->where, record.offset);
    return std::get<Deliver>(recording.files[owner->reader.file][*at]).at;
  };
  const auto& records = owner->records;
  std::vector<std::size_t> moments;  // between these two the other one reads
  for (std::size_t i = records.size() - 15; i + 1 < records.size(); ++i)
    if (time(records[i]) + 1000 < time(records[i + 1])) moments.push_back(i);
  const auto moment = one_of(moments, random);
  if (!moment) return std::nullopt;
  const std::int64_t at = time(records[*moment]) + 500;
  const Deliver read = again(recording, *owner, records[*moment], member->consumer, at);
  const std::int64_t end = after_all(recording);
  insert_at_its_time(recording, *member, evidence::Assign{member->consumer, owner->where, read.offset, at - 100});
  insert_at_its_time(recording, *member, read);
  insert_at_its_time(recording, *member, evidence::Revoke{member->consumer, owner->where, false, end});
  const std::vector<Stored> after(records.begin() + static_cast<std::ptrdiff_t>(*moment) + 1, records.end());
  return Planted{told(recording, {records[*moment]}) + " read" + by(recording, member->consumer) + ", while " +
                     name_of(recording, owner->reader.consumer) + " goes on to read",
                 found_apart(after, owner->reader.consumer)};
}

}  // namespace coordinator::selftest
