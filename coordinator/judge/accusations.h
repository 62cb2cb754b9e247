// Collects what the properties prove and turns it into findings: records of one partition that are alike and adjacent
// in sequence and in each of their offsets become one (docs/history.md, section 4, Grouping), pairs and steps stay one
// each. Knows which faults were active at a time. While more evidence may come (so_far) it calls a violation only what
// is settled, tells the rest of them as undecided, and holds back what is undecided anyway. Not thread-safe; one per
// partition and judgement.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "coordinator/judge/clocks.h"
#include "coordinator/judge/finding_list.h"
#include "coordinator/judge/result.h"
#include "coordinator/judge/runs.h"

namespace coordinator::judge {

struct Store;

// `count` records from `sequence`; each of `offsets` is a place of the first of them, the next ones follow there.
struct Record {
  Kind kind = Kind::lost;
  Severity severity = Severity::violation;
  Proof proof = Proof::none;
  Partition where;
  Id consumer = kNoId;
  Id producer = kNoId;
  Partition target;
  std::int64_t sequence = 0, count = 1;
  std::vector<std::int64_t> offsets;    // ascending
  std::vector<std::int64_t> witnesses;  // lines; 0 is none
  std::vector<Id> faults;
};

// Two claims to `count` offsets from `offset` on.
struct Conflict {
  struct Claim {
    Id producer = kNoId;  // kNoId: none of ours
    Partition target;
    std::int64_t sequence = 0;
  };
  Partition where;
  Severity severity = Severity::violation;
  Claim first, second;  // by name
  std::int64_t offset = 0, count = 1;
  std::vector<std::int64_t> witnesses;
};

class Accusations {
 public:
  Accusations(const Store& store, bool so_far);

  // settled: no later line of anybody can excuse it (docs/findings.md has the table).
  void add(Record record, std::initializer_list<Stamp> when = {}, bool settled = false);
  void add(Conflict conflict, bool settled = false);
  void add(Finding finding, std::initializer_list<Stamp> when = {}, bool settled = false);  // as it is

  // Only counts findings that would be too many to build.
  void leave_out(LeftOut left, bool settled);
  const std::vector<LeftOut>& left_out() const { return findings_.left_out(); }

  // Grouped and sorted as section 5 says; left_out() has what is not listed.
  std::vector<Finding> settle();

 private:
  std::vector<Id> faults_at(std::initializer_list<Stamp> when) const;
  void group_records();
  void group_conflicts();
  void tell(Finding finding);
  bool call(Severity& severity, bool settled) const;  // false: it is held back

  const Store& store_;
  const bool so_far_;
  std::vector<Record> records_;
  std::vector<Conflict> conflicts_;
  FindingList findings_;
};

}  // namespace coordinator::judge
