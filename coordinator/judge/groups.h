// The ownerships of one group on one partition, in their pairwise order: of one consumer by its lines, else by time
// where clock-safe, else by start position, else by name. Used by the properties of consumer groups.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "coordinator/judge/group_history.h"
#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

struct Group {
  Id name = kNoId;
  std::vector<const Reader*> members;
  std::vector<GroupHistory> histories;  // of each member
  std::vector<const Ownership*> ownerships;
  std::set<std::pair<const Ownership*, const Ownership*>> doubles;  // pairs that are double-owner, each both ways
  std::set<const Ownership*> doubled;                               // those that are in some pair

  void add_double(const Ownership* a, const Ownership* b);
  bool in_doubles(const Ownership* a, const Ownership* b) const { return doubles.contains({a, b}); }
  bool in_doubles(const Ownership* a) const { return doubled.contains(a); }
};

std::vector<Group> groups_of(const View& view);
const Reader& reader_of(const View& view, const Ownership& own);
bool comes_before(const PartitionCase& c, const Ownership& a, const Ownership& b);

// The highest offset whose commit was confirmed before the ownership began: clock-safely, or in an earlier line of the
// same consumer. kNoOffset: none.
std::int64_t surely_committed(const PartitionCase& c, const Group& group, const Ownership& own);

void find_double_owners(PartitionCase& c, Group& group);
void find_redelivered(PartitionCase& c, const Group& group);
void find_resume_mismatch(PartitionCase& c, const Group& group);

}  // namespace coordinator::judge
