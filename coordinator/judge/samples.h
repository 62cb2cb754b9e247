// What the cluster said of a partition, in the order in which it surely said it: of each sample and those that are
// clock-safely before it, with no other clock-safely between, the pair between which a number falls (farthest).
#pragma once

#include <algorithm>
#include <map>
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
  // Of each clock by time; of one moment only the highest.
  std::map<std::uint64_t, std::vector<const SampleLine*>> by_clock;
  std::vector<const SampleLine*> told;
  for (const SampleLine& sample : c.view.facts->samples)
    if (number(sample) >= 0 && sample.when.told()) told.push_back(&sample);
  std::sort(told.begin(), told.end(), [&](const SampleLine* a, const SampleLine* b) {
    return a->when.at != b->when.at ? a->when.at < b->when.at : number(*a) > number(*b);
  });
  for (const SampleLine* sample : told) {
    auto& of_clock = by_clock[sample->when.clock];
    if (of_clock.empty() || of_clock.back()->when.at < sample->when.at) of_clock.push_back(sample);
  }
  std::vector<SamplePair> falling;
  std::vector<const SampleLine*> latest;
  for (const SampleLine* sample : told) {
    latest.clear();
    for (const auto& [clock, samples] : by_clock) {
      const auto end = std::partition_point(samples.begin(), samples.end(), [&](const SampleLine* earlier) {
        return clocks.before(earlier->when, sample->when);
      });
      if (end != samples.begin()) latest.push_back(*std::prev(end));
    }
    const SampleLine* highest = nullptr;
    for (const SampleLine* earlier : latest) {
      if (highest != nullptr && number(*earlier) <= number(*highest)) continue;
      const bool direct = std::none_of(latest.begin(), latest.end(), [&](const SampleLine* other) {
        return clocks.before(earlier->when, other->when);
      });
      if (direct) highest = earlier;
    }
    if (highest != nullptr && number(*sample) < number(*highest)) falling.push_back({highest, sample});
  }
  return falling;
}

}  // namespace coordinator::judge
