// Puts every time on one clock: the coordinator's. Hosts tell their offsets (ClockOffset), actors their hosts. One
// thread.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "common/base/clock.h"
#include "workloads/evidence/event.h"

namespace coordinator::report {

class ClockMap {
 public:
  using Id = workloads::evidence::Id;

  // Several offsets of one host are one: the hull of their intervals.
  void add(const workloads::evidence::ClockOffset& offset);
  void place(Id actor, Id host);

  Id host_of(Id actor) const;
  // `at` of that host on the coordinator's clock; a host without an offset is taken to share it.
  common::base::Nanos on_host(Id host, common::base::Nanos at) const;
  common::base::Nanos of_actor(Id actor, common::base::Nanos at) const { return on_host(host_of(actor), at); }

  // A distance from a moment of `from` to a moment of `to`: what must be added to it, and how wrong the sum may be
  // (nullopt: a clock of the two was never compared). Of one host: 0 and 0.
  common::base::Nanos correction(Id from, Id to) const;
  std::optional<common::base::Nanos> error(Id from, Id to) const;
  // The largest error() of any two of them.
  std::optional<common::base::Nanos> error_among(const std::set<Id>& hosts) const;
  // Of a moment of that host held against one of the coordinator's; 0 if the host is taken to share its clock.
  common::base::Nanos error_of(Id host) const;

 private:
  struct Interval {
    common::base::Nanos low = 0;
    common::base::Nanos high = 0;
  };
  common::base::Nanos offset(Id host) const;

  std::map<Id, Interval> offsets_;
  std::map<Id, Id> hosts_;
};

// The larger of two errors; what was never compared makes it unknown.
void widen(std::optional<common::base::Nanos>& error, std::optional<common::base::Nanos> by);

}  // namespace coordinator::report
