// A number that has a value at every moment, such as lag, kept as its lowest and highest in each of at most 20,000
// slices of the run: enough for "from when on did it hold", in memory that does not grow with the run. Pure; one
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "common/base/clock.h"
#include "coordinator/report/observed.h"

namespace coordinator::report {

struct Level {
  std::int64_t low = -1;  // -1: nothing was told yet
  std::int64_t high = -1;
  std::int64_t told_low = -1;  // the same of what was told within this slice, rather than before it
  std::int64_t told_high = -1;
  bool told() const { return told_high >= 0; }
};

struct Levels {
  common::base::Nanos begin = 0;
  common::base::Nanos slice = common::base::kMillisecond * 100;
  std::vector<Level> all;
  Observed told() const;  // when it was told, to a slice; else it is what it was told last
};

class LevelRecorder {
 public:
  LevelRecorder(common::base::Nanos begin, common::base::Nanos end);
  // From `at` on it is `value`. Calls come in order of time; one that is late counts as now.
  void tell(common::base::Nanos at, std::int64_t value);
  common::base::Nanos slice() const { return levels_.slice; }
  Levels take();  // every value was told

 private:
  void carry_to(std::size_t index);
  Levels levels_;
  std::size_t next_ = 0;  // slices before this are filled
  std::int64_t value_ = -1;
};

// The largest of several numbers, each of which is told for itself.
class Largest {
 public:
  // What it is, now that `value` took the place of `before` (-1: it was not told yet).
  std::int64_t replace(std::int64_t before, std::int64_t value);

 private:
  std::map<std::int64_t, std::int64_t> count_of_;
};

}  // namespace coordinator::report
