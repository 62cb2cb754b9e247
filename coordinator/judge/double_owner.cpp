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

// An ownership on a scale on which those that may overlap do: that of the reference for all clocks whose offset was
// told, its own for every other clock.
struct Held {
  const Ownership* own = nullptr;
  Extent extent;
  std::uint64_t scale = 0;
  Wide from = 0, to = 0;
};

Held held(const Clocks& clocks, const Ownership* own, const Extent& extent) {
  const Clocks::Span first = clocks.span(extent.first), last = clocks.span(extent.last);
  if (first.known) return {own, extent, 0, first.low, last.high};
  return {own, extent, extent.first.clock, extent.first.at, extent.last.at};
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
  std::vector<Held> all;
  for (const Ownership* own : group.ownerships) {
    const Extent extent = extent_of(reader_of(c.view, *own), *own);
    if (extent.first.told()) all.push_back(held(c.run.store.clocks, own, extent));
  }
  std::sort(all.begin(), all.end(),
            [](const Held& a, const Held& b) { return a.scale != b.scale ? a.scale < b.scale : a.from < b.from; });
  const Clocks& clocks = c.run.store.clocks;
  std::vector<const Held*> open;
  for (const Held& b : all) {
    std::erase_if(open, [&](const Held* a) { return a->scale != b.scale || a->to < b.from; });
    for (const Held* a : open) {
      if (a->own->reader == b.own->reader) continue;
      if (!clocks.before(a->extent.first, b.extent.last) || !clocks.before(b.extent.first, a->extent.last)) continue;
      group.add_double(a->own, b.own);
      const bool a_first = comes_before(c, *a->own, *b.own);
      accuse(c, a_first ? *a->own : *b.own, a_first ? b.extent : a->extent, (a_first ? b.own : a->own)->begin_line);
    }
    open.push_back(&b);
  }
}

}  // namespace coordinator::judge
