#include "workloads/payload.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace workloads {
namespace {

common::protocol::ProduceSpec spec_of(const char* kind, std::int64_t low, std::int64_t high) {
  common::protocol::ProduceSpec spec;
  spec.size = {.kind = kind, .low = low, .high = high};
  return spec;
}

TEST(payload, sizes_keep_their_bounds_and_hold_the_identity) {
  for (const char* kind : {"fixed", "uniform", "exponential"}) {
    Payload payload(spec_of(kind, 200, 300));
    for (int i = 0; i < 10'000; ++i) {
      const std::size_t size = payload.next_size();
      EXPECT_GE(size, 64U) << kind;
      EXPECT_LE(size, payload.largest()) << kind;
    }
  }
  EXPECT_EQ(Payload(spec_of("fixed", 100, 5000)).largest(), 100U);
}

TEST(payload, the_same_seed_draws_the_same) {
  auto spec = spec_of("uniform", 64, 1000);
  spec.keys = 1000;
  Payload one(spec), two(spec);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(one.next_size(), two.next_size());
    EXPECT_EQ(one.next_key(), two.next_key());
  }
}

TEST(payload, zipf_prefers_low_keys_and_reaches_high_ones) {
  auto spec = spec_of("fixed", 100, 100);
  spec.keys = 100;
  spec.key_distribution = "zipf";
  Payload payload(spec);
  std::map<std::string, int> drawn;
  for (int i = 0; i < 100'000; ++i) ++drawn[std::string(payload.next_key())];
  EXPECT_GT(drawn["k0"], 5 * drawn["k9"]);
  EXPECT_GT(drawn["k99"], 0);
  EXPECT_LE(drawn.size(), 100U);
}

TEST(payload, compressibility_is_the_constant_part_of_the_filler) {
  auto spec = spec_of("fixed", 1064, 1064);
  spec.compressibility = 0.7;
  Payload payload(spec);
  std::vector<char> value(1064, '\0');
  payload.fill(value.data(), value.size());
  EXPECT_EQ(std::count(value.begin() + 64 + 300, value.end(), 'f'), 700);
  EXPECT_GT(std::set<char>(value.begin() + 64, value.begin() + 364).size(), 100U);
}

}  // namespace
}  // namespace workloads
