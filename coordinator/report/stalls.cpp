#include "coordinator/report/stalls.h"

#include <algorithm>
#include <limits>

namespace coordinator::report {

using common::base::Nanos;

namespace {

constexpr Nanos kBefore = std::numeric_limits<Nanos>::min() / 4;
constexpr Nanos kAfter = std::numeric_limits<Nanos>::max() / 4;

}  // namespace

void StallFinder::passed(Id actor, Partition where, Nanos from, Nanos to, std::int64_t count) {
  auto& actors = streams_[where];
  const auto [entry, fresh] = actors.try_emplace(actor);
  Stream& stream = entry->second;
  const auto note = [&](Nanos gap, Nanos until) {
    stream.all.record(gap);
    // Without a fault there is no before and after: then only the usual rhythm tells.
    if (until < first_fault_ && first_fault_ != std::numeric_limits<Nanos>::max()) stream.normal.record(gap);
  };
  if (fresh) {
    stream.first = from;
    stream.last = to;
  } else {
    const Nanos gap = std::max<Nanos>(0, from - stream.last);
    note(gap, from);
    if (gap >= kShortestStall) stream.gaps.emplace_back(stream.last, from);
    stream.last = std::max(stream.last, to);
  }
  // Within a run the records are taken to be evenly spread.
  if (count > 1) note((to - from) / (count - 1), to);
}

Nanos StallFinder::longest_normal(const Stream& stream) {
  if (stream.normal.count() > 0) return std::max(kMedians * stream.normal.quantile(0.5), stream.normal.quantile(1.0));
  return stream.all.count() > 0 ? kMedians * stream.all.quantile(0.5) : 0;
}

std::vector<StallFinder::Gap> StallFinder::shared(const std::vector<Gap>& left, const std::vector<Gap>& right) {
  std::vector<Gap> both;
  for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
    const Gap gap{std::max(left[i].first, right[j].first), std::min(left[i].second, right[j].second)};
    if (gap.second - gap.first >= kShortestStall) both.push_back(gap);
    if (left[i].second < right[j].second)
      ++i;
    else
      ++j;
  }
  return both;
}

StallFinder::Topics StallFinder::topics_of(const std::map<Id, std::string>& who) const {
  Topics topics;
  for (const auto& [actor, of_actor] : topics_)
    if (const auto name = who.find(actor); name != who.end())
      topics[name->second].insert(of_actor.begin(), of_actor.end());
  return topics;
}

// Who was told of no topic has to do with all.
bool StallFinder::has_to_do_with(const Topics& topics, const std::string& name, Id topic) {
  const auto own = topics.find(name);
  return own == topics.end() || own->second.contains(topic);
}

bool StallFinder::wanted(const std::map<Id, std::string>& who, const std::map<Partition, Demand>& demand, Nanos begin,
                         Nanos end) const {
  const Topics topics = topics_of(who);
  return std::any_of(demand.begin(), demand.end(), [&](const auto& entry) {
    const auto& [where, span] = entry;
    if (span.begin >= end || std::max(span.end, span.begin + 1) <= begin) return false;
    return std::any_of(who.begin(), who.end(),
                       [&, topic = where.topic](const auto& one) { return has_to_do_with(topics, one.second, topic); });
  });
}

std::vector<Stall> StallFinder::find(const std::map<Id, std::string>& who,
                                     const std::map<Partition, Demand>& demand) const {
  std::vector<Stall> stalls;
  const Topics topics = topics_of(who);
  for (const auto& [where, wanted] : demand) {
    struct Shared {
      std::vector<Gap> gaps{{kBefore, kAfter}};
      Nanos normal = kAfter;
    };
    std::map<std::string, Shared> by_who;
    for (const auto& [actor, name] : who)
      if (has_to_do_with(topics, name, where.topic)) by_who[name];  // one that never got anything is silent throughout
    if (const auto streams = streams_.find(where); streams != streams_.end()) {
      for (const auto& [actor, stream] : streams->second) {
        const auto name = who.find(actor);
        if (name == who.end()) continue;
        std::vector<Gap> gaps{{kBefore, stream.first}};
        gaps.insert(gaps.end(), stream.gaps.begin(), stream.gaps.end());
        gaps.emplace_back(stream.last, kAfter);
        Shared& sum = by_who[name->second];
        sum.gaps = shared(sum.gaps, gaps);
        sum.normal = std::min(sum.normal, longest_normal(stream));
      }
    }
    for (const auto& [name, sum] : by_who) {
      const Nanos threshold = std::max(kShortestStall, sum.normal == kAfter ? 0 : sum.normal);
      for (const auto& [from, to] : sum.gaps) {
        Stall stall{where, name, std::max(from, wanted.begin), 0, to, to == kAfter};
        stall.felt = stall.begin + threshold;
        if (stall.open) stall.end = wanted.end;
        if (stall.begin < wanted.end && stall.length() > threshold) stalls.push_back(std::move(stall));
      }
    }
  }
  return stalls;
}

}  // namespace coordinator::report
