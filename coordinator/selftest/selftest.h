// The verifier, verified: every mutation of a table is planted, several times, into clean evidence, and the judge must
// say exactly what was planted; of the clean evidence it must say nothing. Deterministic but for `seconds`: the same
// seed plants the same. One thread; writes evidence files into a temporary folder of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.h"
#include "coordinator/selftest/forms.h"
#include "coordinator/selftest/mutation.h"

namespace coordinator::selftest {

struct Options {
  std::uint64_t seed = 1;
  int trials = 4;  // of each mutation in each recording
};

// A trial in which something else was said than what was planted.
struct Miss {
  std::string recording;
  Form form = Form::history;
  std::uint64_t seed = 0;
  std::string planted;
  std::vector<std::string> expected;  // findings that are not there
  std::vector<std::string> got;       // findings, or other things, that should not be there
};

struct Row {
  std::string mutation;  // "" for the clean evidence itself
  std::string expects;   // "lost, violation", "nothing"
  std::int64_t planted = 0, found = 0;
  std::vector<Miss> misses;
};

struct Outcome {
  std::uint64_t seed = 0;
  std::vector<std::string> recordings;
  std::vector<Row> rows;  // the clean evidence first, then as in the table
  double seconds = 0;
  // Nothing was missed, and everything could be planted.
  bool passed() const;
};

common::base::Result<Outcome> run_selftest(const std::vector<Recording>& recordings, const std::vector<Mutation>& table,
                                           const Options& options);

std::string outcome_text(const Outcome& outcome);
nlohmann::json to_json(const Outcome& outcome);

}  // namespace coordinator::selftest
