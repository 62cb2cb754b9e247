// Everything that an expectation can be about, in one table: `firedrill` checks names against it when a scenario is
// read, coordinator/report/evaluate.cpp looks the values up, and docs/scenarios.md lists it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coordinator::scenario {

enum class Unit { messages, count, ratio, per_second, duration };

// Over which time it can be asked.
enum class Scope {
  run,      // the whole run only
  finding,  // so, and it counts the findings of that name
  window,   // `during` a phase or fault, too
  moment,   // it has a value at every moment: over a time the highest one, and `within DURATION after` can be asked
};

struct Metric {
  std::string_view name;
  Unit unit;
  Scope scope;
  std::string_view meaning;
};

std::span<const Metric> metrics();
const Metric* find_metric(std::string_view name);
std::vector<std::string> metric_names();
std::vector<std::string> finding_names();
std::string_view unit_words(Unit unit);     // "a duration like 200ms"
std::string_view scope_words(Scope scope);  // "`during`"

}  // namespace coordinator::scenario
