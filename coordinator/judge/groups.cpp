#include "coordinator/judge/groups.h"

#include <algorithm>
#include <map>

namespace coordinator::judge {

void Group::add_double(const Ownership* a, const Ownership* b) {
  doubles.insert({a, b});
  doubles.insert({b, a});
  doubled.insert(a);
  doubled.insert(b);
}

const Reader& reader_of(const View& view, const Ownership& own) {
  return view.readers[own.reader];
}

std::vector<Group> groups_of(const View& view) {
  std::vector<Group> groups;
  std::map<Id, std::size_t> index;
  for (const Reader& reader : view.readers) {
    if (reader.group == kNoId) continue;
    const auto [place, fresh] = index.try_emplace(reader.group, groups.size());
    if (fresh) groups.emplace_back().name = reader.group;
    Group* group = &groups[place->second];
    group->members.push_back(&reader);
    group->histories.emplace_back(reader);
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
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    const Milestones& confirmed = group.histories[i].confirmed;
    if (group.members[i] == &reader_of(c.view, own))
      highest = std::max(highest, confirmed.up_to_line(own.begin_line).offset);
    highest = std::max(highest, confirmed.surely_before(c.run.store.clocks, own.begin, group.members[i]->clock).offset);
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
