// Stuck: no progress for longer than kPatience after the faults were healed, though there was something to do, and none
// until the end. Silence during a fault, or one that ended, is unavailability and not this; nor is that of a reader
// whom an open transaction keeps from what is there: that is what read_committed means.
#include <algorithm>

#include "coordinator/report/report.h"
#include "coordinator/report/silence.h"
#include "coordinator/report/text_layout.h"

namespace coordinator::report {

using common::base::Nanos;

namespace {

constexpr Nanos kPatience = 30 * common::base::kSecond;

}  // namespace

std::vector<std::string> stuck(const Measurements& measured, const RunFacts& facts,
                               const workloads::evidence::Names& names) {
  const Moment whole = healed(measured.faults, measured.run.begin);
  if (!whole) return {};  // a fault may still bite: nothing can be asked of the cluster
  std::vector<std::string> lines;
  for (const auto* stalls : {&measured.producer_stalls, &measured.consumer_stalls})
    for (const Stall& stall : *stalls) {
      const Nanos waited = stall.end - std::max(stall.begin, *whole);
      if (!stall.open || waited <= kPatience || stall.unhidden <= kPatience) continue;
      const std::string where =
          in_scenario(facts, names.text(stall.where.topic)) + "-" + std::to_string(stall.where.partition);
      lines.push_back(
          where +
          (stall.who == "producers" ? " confirmed nothing" : " delivered nothing to " + in_scenario(facts, stall.who)) +
          " for " + compact(waited) + " after everything was healed, until the end");
    }
  return lines;
}

}  // namespace coordinator::report
