// The report of a run: what report.json holds and what the terminal shows. Pure data and pure text.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "coordinator/report/verdict.h"

namespace coordinator::report {

struct Report {
  Verdict verdict = Verdict::pass;
  std::string sentence;              // the verdict in one sentence that an engineer can act on
  std::vector<std::string> reasons;  // what keeps the run from proving anything; empty if it is valid
};

nlohmann::json to_json(const Report& report);  // versioned; docs/report.md

struct TextOptions {
  bool colour = false;  // wants_colour()
  bool all = false;     // every finding, every partition
  int width = 100;
};
std::string terminal_text(const Report& report, const TextOptions& options);

// Colour only where a person looks: a terminal, and NO_COLOR not set (no-color.org).
bool wants_colour(int file_descriptor);

}  // namespace coordinator::report
