// What stands around an offset of a partition, and what each reader was handed there: the neighbours at ±3, no more,
// however long the log is. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace coordinator::report {

class Readings {
 public:
  // At most the first two of the offsets have their neighbours shown.
  Readings(workloads::evidence::Partition where, std::vector<std::int64_t> offsets);

  void add(const workloads::evidence::Event& event, std::int64_t line);
  // A delivery that a reader's line will tell.
  bool tells(const workloads::evidence::Deliver& deliver) const;

  // "@38..40 p1#17..19, @41 nothing (acked as p1#20), @42 ..."; "" if nothing is known of the place.
  std::string log(const workloads::evidence::Names& names) const;
  struct Line {
    workloads::evidence::Id consumer = workloads::evidence::kNoId;
    std::int64_t at = workloads::evidence::kNoTime;  // of the last thing it was handed there
    std::int64_t line = 0;                           // the first
    std::string text;
  };
  // `cuts`: lines of a reader that stand beside what it was handed, so that a line of its own follows each.
  using Cuts = std::map<workloads::evidence::Id, std::vector<std::int64_t>>;
  std::vector<Line> readers(const workloads::evidence::Names& names, const Cuts& cuts) const;
  // When somebody was last handed something there; kNoTime: nobody was, or nobody tells.
  std::pair<workloads::evidence::Id, std::int64_t> last_handed() const;

 private:
  struct Id {
    workloads::evidence::Id producer = workloads::evidence::kNoId;
    std::int64_t sequence = workloads::evidence::kNoOffset;
    bool operator==(const Id&) const = default;
  };
  struct Handed {
    std::int64_t offset = 0;
    Id id;
    bool intact = true;
    std::int64_t line = 0;
    std::int64_t at = workloads::evidence::kNoTime;
  };
  struct Reader {
    std::vector<Handed> handed;  // in the order of delivery, within the windows
    std::int64_t below = -1;     // the highest offset handed to it below the windows
    std::int64_t beyond = -1;    // the lowest beyond them
    bool more = false;           // than is kept
  };
  void add(const workloads::evidence::Ack& ack);
  void add(const workloads::evidence::Deliver& deliver, std::int64_t line);
  bool covers(std::int64_t offset) const;
  std::string id_text(const Id& id, std::int64_t count, const workloads::evidence::Names& names) const;
  std::string handed_text(const std::vector<Handed>& handed, const workloads::evidence::Names& names) const;
  std::string lacking_text(const Reader& reader) const;

  workloads::evidence::Partition where_;
  std::vector<std::int64_t> offsets_;  // ascending, at most two
  std::map<std::int64_t, Id> acked_, read_;
  std::set<std::int64_t> broken_;  // offsets at which nobody was handed anything whole
  std::map<workloads::evidence::Id, Reader> readers_;
};

}  // namespace coordinator::report
