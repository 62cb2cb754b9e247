// What is wrong with a scenario, and how to make it wrong.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "coordinator/scenario/scenario.h"

namespace coordinator::scenario {

inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// All mistakes of a file called s.yaml as its user reads them; "none" if it has none.
inline std::string mistakes(const std::string& text) {
  const auto scenario = parse_scenario(text, "s.yaml");
  return scenario ? "none" : scenario.error().what;
}

}  // namespace coordinator::scenario
