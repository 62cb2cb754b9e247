// Finds the times in which a partition was silent though records were waiting for it. Memory grows with silences, not
// with messages: of everything else only a histogram of gaps is kept. Pure; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/report/silence.h"

namespace coordinator::report {

inline constexpr int kMedians = 5;  // a gap of fewer medians is still the partition's usual rhythm ..
                                    // .. and one no longer than it already had before anything was broken, too

class StallFinder {
 public:
  using Id = workloads::evidence::Id;
  using Partition = workloads::evidence::Partition;

  // Gaps that end before `first_fault` say what is normal; if there is none, all do.
  explicit StallFinder(common::base::Nanos first_fault) : first_fault_(first_fault) {}

  // Records of `actor` passed through `where` from `from` to `to`. Calls of one actor and partition come in order of
  // time.
  void passed(Id actor, Partition where, common::base::Nanos from, common::base::Nanos to, std::int64_t count);

  // `actor` has to do with that topic: then its `who` has to do with no other but those told.
  void reads(Id actor, Id topic) { topics_[actor].insert(topic); }

  // `demand`: since when and until when there was something to do. Actors that share a `who` stand in for each other:
  // the partition is silent for them only while all of them are.
  struct Demand {
    common::base::Nanos begin = 0;
    common::base::Nanos end = 0;
  };
  std::vector<Stall> find(const std::map<Id, std::string>& who, const std::map<Partition, Demand>& demand) const;
  // Any of them had something to do between `begin` and `end`.
  bool wanted(const std::map<Id, std::string>& who, const std::map<Partition, Demand>& demand,
              common::base::Nanos begin, common::base::Nanos end) const;

 private:
  using Gap = std::pair<common::base::Nanos, common::base::Nanos>;
  struct Stream {
    common::base::Nanos first = 0;
    common::base::Nanos last = 0;
    std::vector<Gap> gaps;  // not shorter than kShortestStall
    workloads::evidence::Histogram normal;
    workloads::evidence::Histogram all;
  };
  using Topics = std::map<std::string, std::set<Id>>;  // by who
  Topics topics_of(const std::map<Id, std::string>& who) const;
  static bool has_to_do_with(const Topics& topics, const std::string& name, Id topic);
  static common::base::Nanos longest_normal(const Stream& stream);
  static std::vector<Gap> shared(const std::vector<Gap>& left, const std::vector<Gap>& right);

  common::base::Nanos first_fault_;
  std::map<Partition, std::map<Id, Stream>> streams_;
  std::map<Id, std::set<Id>> topics_;
};

}  // namespace coordinator::report
