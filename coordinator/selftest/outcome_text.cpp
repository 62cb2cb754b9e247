#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "coordinator/selftest/selftest.h"

namespace coordinator::selftest {

namespace {

constexpr std::size_t kMissesShown = 3;  // of a row; all of them count

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string row_text(const Row& row) {
  const char* mark = row.planted == 0 ? "NO PLACE" : row.found == row.planted ? "ok" : "MISSED";
  const std::string counted = std::to_string(row.found) + " of " + std::to_string(row.planted);
  std::string text = padded(row.mutation.empty() ? "(clean)" : row.mutation, 34) + padded(row.expects, 31) +
                     padded(counted, 12) + mark + "\n";
  for (std::size_t i = 0; i < std::min(row.misses.size(), kMissesShown); ++i) {
    const Miss& miss = row.misses[i];
    text += "    " + miss.recording + ", " + name_of(miss.form) + ", draw " + std::to_string(miss.seed) + ": " +
            miss.planted + "\n";
    for (const std::string& what : miss.expected) text += "      not found: " + what + "\n";
    for (const std::string& what : miss.got) text += "      instead:   " + what + "\n";
  }
  if (row.misses.size() > kMissesShown)
    text += "    and " + std::to_string(row.misses.size() - kMissesShown) + " more (--json has all)\n";
  return text;
}

}  // namespace

std::string outcome_text(const Outcome& outcome) {
  std::string text = padded("planted", 34) + padded("must be found", 31) + "found\n";
  std::int64_t planted = 0, found = 0;
  for (const Row& row : outcome.rows) {
    text += row_text(row);
    planted += row.planted;
    found += row.found;
  }
  char sum[160];
  std::snprintf(sum, sizeof sum,
                "%s  %lld of %lld judged as planted, in histories and in segments, %.1f s, seed %llu\n",
                outcome.passed() ? "PASS" : "FAIL", static_cast<long long>(found), static_cast<long long>(planted),
                outcome.seconds, static_cast<unsigned long long>(outcome.seed));
  return text + sum;
}

nlohmann::json to_json(const Outcome& outcome) {
  auto rows = nlohmann::json::array();
  for (const Row& row : outcome.rows) {
    auto misses = nlohmann::json::array();
    for (const Miss& miss : row.misses)
      misses.push_back({{"recording", miss.recording},
                        {"form", name_of(miss.form)},
                        {"draw", miss.seed},
                        {"planted", miss.planted},
                        {"not_found", miss.expected},
                        {"instead", miss.got}});
    rows.push_back({{"mutation", row.mutation.empty() ? nlohmann::json(nullptr) : nlohmann::json(row.mutation)},
                    {"expects", row.expects},
                    {"planted", row.planted},
                    {"found", row.found},
                    {"misses", misses}});
  }
  return {{"passed", outcome.passed()},
          {"seed", outcome.seed},
          {"recordings", outcome.recordings},
          {"rows", rows},
          {"seconds", outcome.seconds}};
}

}  // namespace coordinator::selftest
