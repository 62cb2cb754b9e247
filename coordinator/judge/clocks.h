// When two times may be compared. A Stamp is a time on one clock: that of a host, or of an actor that told no host
// (which then compares only with itself), or of the one observer whose samples tell no host. Times of one clock are
// ordered if they differ; times of two hosts only if both have told their offset and the distance exceeds both errors.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "coordinator/judge/wide.h"
#include "workloads/evidence/event.h"

namespace coordinator::judge {

struct Stamp {
  std::uint64_t clock = 0;
  std::int64_t at = workloads::evidence::kNoTime;
  bool told() const { return at != workloads::evidence::kNoTime; }
};

std::uint64_t clock_of_host(workloads::evidence::Id host);
std::uint64_t clock_of_producer(workloads::evidence::Id producer);
std::uint64_t clock_of_consumer(workloads::evidence::Id consumer);
inline constexpr std::uint64_t kObserverClock = 4ULL << 32;

class Clocks {
 public:
  void add(const workloads::evidence::ClockOffset& line);

  // A time as an interval of the reference clock; valid only if the clock's offset was told.
  struct Span {
    bool known = false;
    Wide low = 0;
    Wide high = 0;
  };
  Span span(const Stamp& stamp) const;

  bool before(const Stamp& a, const Stamp& b) const;  // surely earlier; false if it cannot be told

 private:
  struct Hull {
    Wide low = 0;  // of the clock minus the reference
    Wide high = 0;
  };
  std::unordered_map<std::uint64_t, Hull> hulls_;
};

}  // namespace coordinator::judge
