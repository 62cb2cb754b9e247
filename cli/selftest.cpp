// firedrill selftest: would the judge have noticed? Defects of known ids, planted into clean evidence.
#include "coordinator/selftest/selftest.h"

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "common/base/json_text.h"
#include "coordinator/selftest/shipped.h"

namespace cli {

namespace {

int selftest(const coordinator::selftest::Options& options, bool as_json) {
  const auto recordings = coordinator::selftest::shipped_recordings();
  if (!recordings) return report_error(recordings.error());
  const auto outcome = run_selftest(*recordings, coordinator::selftest::mutations(), options);
  if (!outcome) return report_error(outcome.error());
  const std::string text = as_json ? common::base::json_text(to_json(*outcome), 1) + "\n" : outcome_text(*outcome);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return outcome->passed() ? 0 : 10;
}

}  // namespace

void add_selftest(CLI::App& app, int& exit_code) {
  struct Options {
    coordinator::selftest::Options run;
    bool json = false;
  };
  auto* command =
      app.add_subcommand("selftest", "Plant defects into clean evidence and see whether the judge finds them");
  command->footer(
      "Needs no cluster: the evidence of real runs is part of the executable. Each defect must be found under its\n"
      "name, with its ids, and nothing else. Exit codes: 0 all were, 10 one was not.");
  auto options = std::make_shared<Options>();
  command->add_option("--seed", options->run.seed, "where the defects are planted")->capture_default_str();
  command->add_option("--trials", options->run.trials, "of each defect in each run's evidence")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_flag("--json", options->json, "the table, and every miss, as JSON");
  command->callback([options, &exit_code] { exit_code = selftest(options->run, options->json); });
}

}  // namespace cli
