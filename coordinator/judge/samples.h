// What the cluster said of a partition, in the order in which it surely said it: of each sample and the latest one that
// is clock-safely before it, those between which a number falls.
#pragma once

#include <algorithm>
#include <vector>

#include "coordinator/judge/partition_case.h"

namespace coordinator::judge {

struct SamplePair {
  const SampleLine* before = nullptr;
  const SampleLine* after = nullptr;
};

// number(sample) < 0: not told.
template <typename Number>
std::vector<SamplePair> falling_samples(const PartitionCase& c, Number number) {
  const Clocks& clocks = c.run.store.clocks;
  std::vector<const SampleLine*> told;
  for (const SampleLine& sample : c.view.facts->samples)
    if (number(sample) >= 0 && sample.when.told()) told.push_back(&sample);
  // Of one clock by its time; across clocks by the corrected time, of which only clock-safe order is used below.
  const auto key = [&](const SampleLine* s) {
    const auto span = clocks.span(s->when);
    return std::make_pair(span.known ? span.low + span.high : static_cast<Wide>(2) * s->when.at, s->line);
  };
  std::sort(told.begin(), told.end(), [&](const SampleLine* a, const SampleLine* b) { return key(a) < key(b); });
  std::vector<SamplePair> falling;
  for (std::size_t i = 1; i < told.size(); ++i) {
    for (std::size_t j = i; j-- > 0;) {
      if (!clocks.before(told[j]->when, told[i]->when)) continue;
      if (number(*told[i]) < number(*told[j])) falling.push_back({told[j], told[i]});
      break;
    }
  }
  return falling;
}

}  // namespace coordinator::judge
