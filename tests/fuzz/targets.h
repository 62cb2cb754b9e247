// What is fuzzed: every reader of what comes from outside. Each takes any bytes and must come back, soon, with its
// memory bounded; what it says of them is the unit tests' matter. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fuzz {

void history(std::string_view bytes);   // reads it strictly and salvaging, and judges what it holds
void segment(std::string_view bytes);   // an evidence file: as it is, and with its checksums made right; and judges it
void scenario(std::string_view bytes);  // YAML, and the plan that follows
void expression(std::string_view bytes);  // expectations, gates and quantities

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
  std::string_view seeds;      // folders and files below the root, separated by spaces
  std::string_view extension;  // of seeds; "": every line of these files is one
};
inline constexpr std::array<Target, 4> kTargets{{
    {"history", history, "tests/judge_cases tests/fuzz/histories", ".ndjson"},
    {"segment", segment, "coordinator/selftest/evidence", ".fde"},
    {"scenario", scenario, "harness/scenarios coordinator/selftest/evidence", ".yaml"},
    {"expression", expression, "tests/fuzz/expressions.txt", ""},
}};

}  // namespace fuzz
