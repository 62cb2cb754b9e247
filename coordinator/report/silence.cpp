#include "coordinator/report/silence.h"

#include <algorithm>
#include <map>

namespace coordinator::report {

using common::base::Nanos;
using workloads::evidence::Partition;

bool concerns(const Stall& stall, Nanos begin, Nanos end) {
  return std::min(stall.end, end) - std::max(stall.begin, begin) >= std::min(kShortestStall, stall.length());
}

bool caused(const Stall& stall, const FaultMeasured& fault) {
  if (!fault.injecting) return false;
  return stall.felt >= *fault.injecting && stall.begin < fault.over() &&
         concerns(stall, *fault.injecting, fault.window_end);
}

std::vector<Stall> caused(const std::vector<Stall>& stalls, const FaultMeasured& fault) {
  std::vector<Stall> found;
  std::copy_if(stalls.begin(), stalls.end(), std::back_inserter(found),
               [&](const Stall& stall) { return caused(stall, fault); });
  return found;
}

Silence silence_of(const std::vector<Stall>& stalls, Partition where, const FaultMeasured& fault) {
  Silence sum;
  bool open = false;
  std::map<std::string, Nanos> totals;
  for (const Stall& stall : stalls) {
    if (stall.where != where || !fault.injecting) continue;
    if (!caused(stall, fault)) {
      const bool under_way = stall.felt < *fault.injecting && stall.end > *fault.injecting;
      if (under_way && sum.course == Course::undisturbed) sum.course = Course::silent_before;
      continue;
    }
    open = open || stall.open;
    sum.course = open ? Course::unrecovered : Course::recovered;
    sum.last = std::min(sum.last.value_or(stall.begin), stall.begin);
    sum.first = std::max(sum.first.value_or(stall.end), stall.end);
    Nanos& total = totals[stall.who];
    total += stall.length();
    sum.total = std::max(sum.total, total);
    sum.longest = std::max(sum.longest, stall.length());
  }
  if (open) sum.first.reset();
  return sum;
}

Moment healed(const std::vector<FaultMeasured>& faults, Nanos begin) {
  Nanos at = begin;
  for (const FaultMeasured& fault : faults) {
    if (fault.injecting && !fault.reverted) return std::nullopt;
    if (fault.reverted) at = std::max(at, *fault.reverted);
  }
  return at;
}

}  // namespace coordinator::report
