// The fuzz targets over their seeds and some hundred seeded mutations of each: the minutes of fuzzing that every build
// can afford. scripts/fuzz searches for hours.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/random.h"
#include "tests/fuzz/targets.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;
using common::base::Random;

constexpr int kMutations = 500;            // of each target, spread over its seeds
constexpr std::size_t kLargest = 8 << 10;  // of a seed: larger ones only make it slow

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> seeds_of(const Target& target) {
  std::vector<std::string> seeds;
  std::istringstream places{std::string(target.seeds)};
  for (std::string place; places >> place;) {
    const fs::path path = fs::path(FIREDRILL_SOURCE_DIR) / place;
    if (target.extension.empty()) {
      std::ifstream lines(path);
      for (std::string line; std::getline(lines, line);) seeds.push_back(line);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.path().extension() == target.extension && entry.file_size() <= kLargest)
        seeds.push_back(bytes_of(entry.path()));
  }
  std::sort(seeds.begin(), seeds.end());  // folders have no order
  return seeds;
}

void mutate(std::string& bytes, const std::vector<std::string>& seeds, Random& random) {
  const std::size_t at = random.below(bytes.size() + 1);
  const std::size_t length = std::min<std::size_t>(bytes.size() - at, random.below(16));
  switch (random.below(6)) {
    case 0:
      if (at < bytes.size()) bytes[at] = static_cast<char>(random.next());
      break;
    case 1:
      if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
      break;
    case 2:
      bytes.erase(at, length);
      break;
    case 3:
      bytes.insert(at, bytes.substr(at, length));
      break;
    case 4:
      bytes.insert(at, std::to_string(static_cast<std::int64_t>(random.next() >> random.below(64))));
      break;
    default:  // the rest of another one
      const std::string& other = seeds[random.below(seeds.size())];
      bytes = bytes.substr(0, at) + other.substr(std::min(other.size(), at));
  }
}

class Fuzz : public testing::TestWithParam<Target> {};

TEST_P(Fuzz, comes_back_from_its_seeds_and_from_mutations_of_them) {
  const Target& target = GetParam();
  const auto seeds = seeds_of(target);
  ASSERT_FALSE(seeds.empty());
  for (const auto& seed : seeds) target.run(seed);
  Random random(1);
  for (int i = 0; i < kMutations; ++i) {
    std::string bytes = seeds[random.below(seeds.size())];
    for (auto edits = 1 + random.below(4); edits > 0; --edits) mutate(bytes, seeds, random);
    target.run(bytes);
  }
  SUCCEED() << "what fails here crashes, or is caught by a sanitizer";
}

INSTANTIATE_TEST_SUITE_P(all, Fuzz, testing::ValuesIn(kTargets),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace fuzz
