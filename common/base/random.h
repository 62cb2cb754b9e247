// Randomness that is the same on every machine: xoshiro256** seeded by splitmix64 (Blackman, Vigna 2018). The standard
// library's distributions differ between implementations, and a plan must be replayable from its seed alone.
#pragma once

#include <cstdint>
#include <string_view>

namespace common::base {

class Random {
 public:
  explicit Random(std::uint64_t seed);
  // An independent stream for a named part, so that adding one part does not change the draws of another.
  Random fork(std::string_view name) const;

  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound);  // 0 <= x < bound; bound > 0
  double unit();                             // 0 <= x < 1
  double exponential(double mean);           // > 0

 private:
  std::uint64_t seed_;
  std::uint64_t state_[4];
};

std::uint64_t hash64(std::string_view text);  // FNV-1a, stable across builds

}  // namespace common::base
