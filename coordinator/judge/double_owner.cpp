// double-owner: two members of one group whose ownerships clock-safely overlap are each delivered records after one of
// the other. Messages: what the earlier owner was delivered after a record of the other; consumer: the earlier owner.
// Redelivered and resume-mismatch are then its consequences.
#include <algorithm>

#include "coordinator/judge/groups.h"

namespace coordinator::judge {

namespace {

// First and last time at which an ownership was handed something; one clock.
struct Extent {
  Stamp first, last;
};

Extent extent_of(const Reader& reader, const Ownership& own) {
  Extent extent;
  for (std::int32_t i = own.deliveries_from; i < own.deliveries_to; ++i) {
    const Stamp when = reader.stamp(reader.deliveries[i]);
    if (!when.told()) continue;
    if (!extent.first.told() || when.at < extent.first.at) extent.first = when;
    if (!extent.last.told() || when.at > extent.last.at) extent.last = when;
  }
  return extent;
}

void accuse(PartitionCase& c, const Ownership& earlier, const Extent& of_other, std::int64_t other_line) {
  const Reader& reader = reader_of(c.view, earlier);
  for (std::int32_t i = earlier.deliveries_from; i < earlier.deliveries_to; ++i) {
    const Delivery& d = reader.deliveries[i];
    if (!d.intact || d.source == kForeign) continue;
    if (!c.run.store.clocks.before(of_other.first, reader.stamp(d))) continue;
    Record r;
    r.kind = Kind::double_owner;
    r.where = c.view.where;
    r.consumer = reader.consumer;
    r.producer = c.source(d.source).producer;
    r.target = c.source(d.source).target;
    r.sequence = d.sequence;
    r.count = d.count;
    r.offsets = {d.offset};
    r.witnesses = {d.line, other_line};
    const bool one_clock = of_other.first.clock == reader.clock;  // errors of two clocks may yet turn out larger
    c.run.out.add(std::move(r), {reader.stamp(d)}, one_clock);
  }
}

}  // namespace

void find_double_owners(PartitionCase& c, Group& group) {
  if (group.members.size() < 2) return;
  std::vector<std::pair<const Ownership*, Extent>> extents;
  for (const Ownership* own : group.ownerships) {
    const Extent extent = extent_of(reader_of(c.view, *own), *own);
    if (extent.first.told()) extents.emplace_back(own, extent);
  }
  const Clocks& clocks = c.run.store.clocks;
  for (std::size_t i = 0; i < extents.size(); ++i) {
    for (std::size_t j = i + 1; j < extents.size(); ++j) {
      const auto& [a, extent_a] = extents[i];
      const auto& [b, extent_b] = extents[j];
      if (a->reader == b->reader) continue;
      if (!clocks.before(extent_a.first, extent_b.last) || !clocks.before(extent_b.first, extent_a.last)) continue;
      group.doubles.emplace_back(a, b);
      const bool a_first = comes_before(c, *a, *b);
      accuse(c, a_first ? *a : *b, a_first ? extent_b : extent_a, (a_first ? b : a)->begin_line);
    }
  }
}

}  // namespace coordinator::judge
