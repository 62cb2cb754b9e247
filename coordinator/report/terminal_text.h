// The report as an engineer reads it: verdict first, then the books, findings, phases, faults, expectations, and what
// the run did not prove. One screen for a clean run. Pure but for wants_colour().
#pragma once

#include <string>

#include "coordinator/report/report.h"

namespace coordinator::report {

struct TextOptions {
  bool colour = false;  // wants_colour()
  bool all = false;     // every finding, every partition
  int width = 100;
};
std::string terminal_text(const Report& report, const TextOptions& options);

// The part of it that a history has: verdict, books, findings. `lines_of`: where its lines are counted.
std::string judge_text(judge::JudgeResult result, std::shared_ptr<const workloads::evidence::Names> names,
                       const std::string& lines_of, const TextOptions& options);

// Colour only where a person looks: a terminal, and NO_COLOR not set (no-color.org).
bool wants_colour(int file_descriptor);

}  // namespace coordinator::report
