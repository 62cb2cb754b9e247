// Evidence wherever it lies, as the judge reads it: the directory of a run, or a history. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "workloads/evidence/history_reader.h"
#include "workloads/evidence/names.h"

namespace coordinator {

bool is_run(const std::string& path);

// Every event that a history shows, with its line: of the history, or of the dump of the run. `path`: a run's
// directory, a history, or `-` for one on standard input. An error names the file and the line, or the byte.
common::base::Result<void> read_evidence(const std::string& path, workloads::evidence::Names& names,
                                         const workloads::evidence::LineSink& sink);

// What is intact of it, without its end. `holes`: lines in the middle were left out, so that not even the order of one
// actor's lines is known.
struct Salvaged {
  std::vector<std::string> left_out;  // a line each, the first of them; nothing is left out if there is none
  std::int64_t more = 0;              // that are not listed
  bool holes = false;
};
common::base::Result<Salvaged> salvage_evidence(const std::string& path, workloads::evidence::Names& names,
                                                const workloads::evidence::LineSink& sink);

}  // namespace coordinator
