// Everything that an expectation can be about, in one table: `firedrill` checks names against it when a scenario is
// read, coordinator/report/evaluate.cpp looks the values up, and docs/scenarios.md lists it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coordinator::scenario {

enum class Unit { messages, count, ratio, per_second, duration };

struct Metric {
  std::string_view name;
  Unit unit;
  bool by_phase;  // may be asked `during PHASE`; else it is of the whole run
  std::string_view meaning;
};

std::span<const Metric> metrics();
const Metric* find_metric(std::string_view name);
std::vector<std::string> metric_names();
std::string_view unit_words(Unit unit);  // "a duration like 200ms"

}  // namespace coordinator::scenario
