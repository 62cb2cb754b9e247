#include "coordinator/judge/groups.h"

#include <algorithm>

namespace coordinator::judge {

bool Group::in_doubles(const Ownership* a, const Ownership* b) const {
  return std::any_of(doubles.begin(), doubles.end(), [&](const auto& pair) {
    return (pair.first == a && pair.second == b) || (pair.first == b && pair.second == a);
  });
}

bool Group::in_doubles(const Ownership* a) const {
  return std::any_of(doubles.begin(), doubles.end(),
                     [&](const auto& pair) { return pair.first == a || pair.second == a; });
}

const Reader& reader_of(const View& view, const Ownership& own) {
  return view.readers[own.reader];
}

std::vector<Group> groups_of(const View& view) {
  std::vector<Group> groups;
  for (const Reader& reader : view.readers) {
    if (reader.group == kNoId) continue;
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.name == reader.group; });
    if (group == groups.end()) {
      groups.emplace_back();
      group = std::prev(groups.end());
      group->name = reader.group;
    }
    group->members.push_back(&reader);
    for (const Ownership& own : reader.ownerships) group->ownerships.push_back(&own);
  }
  return groups;
}

bool comes_before(const PartitionCase& c, const Ownership& a, const Ownership& b) {
  if (a.reader == b.reader) return a.begin_line < b.begin_line;
  if (c.run.store.clocks.before(a.begin, b.begin)) return true;
  if (c.run.store.clocks.before(b.begin, a.begin)) return false;
  if (a.start != kNoOffset && b.start != kNoOffset && a.start != b.start) return a.start < b.start;
  const auto& names = c.run.store.names;
  return names.text(reader_of(c.view, a).consumer) < names.text(reader_of(c.view, b).consumer);
}

std::int64_t surely_committed(const PartitionCase& c, const Group& group, const Ownership& own) {
  std::int64_t highest = kNoOffset;
  for (const Reader* member : group.members) {
    const bool same = member == &reader_of(c.view, own);
    for (const CommitFact& commit : member->commits) {
      if (commit.state != CommitState::confirmed || commit.offset <= highest) continue;
      const bool before =
          (same && commit.line < own.begin_line) || c.run.store.clocks.before({member->clock, commit.at}, own.begin);
      if (before) highest = commit.offset;
    }
  }
  return highest;
}

void find_group_anomalies(PartitionCase& c) {
  for (Group& group : groups_of(c.view)) {
    find_double_owners(c, group);
    find_redelivered(c, group);
    find_resume_mismatch(c, group);
  }
}

}  // namespace coordinator::judge
