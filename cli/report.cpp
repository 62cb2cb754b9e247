// firedrill report: a run's report, computed again from its directory.
#include <cstdio>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "common/base/json_text.h"
#include "coordinator/report/report_json.h"
#include "coordinator/report/terminal_text.h"
#include "coordinator/run_report.h"

namespace cli {

namespace {

int report(const std::string& path, bool as_json, bool salvage, const coordinator::report::TextOptions& options) {
  const auto directory = coordinator::RunDirectory::open(path);
  if (!directory) return report_error(directory.error());
  const auto report = salvage ? coordinator::salvage_report(*directory) : coordinator::make_report(*directory);
  if (!report) return report_error(report.error());
  const std::string text =
      as_json ? common::base::json_text(to_json(*report), 2) + "\n" : terminal_text(*report, options);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return exit_code(report->verdict);
}

}  // namespace

void add_report(CLI::App& app, int& exit_code) {
  struct Options {
    std::string path;
    bool json = false;
    bool salvage = false;
    coordinator::report::TextOptions text;
  };
  auto* command = app.add_subcommand("report", "Show what a run found: judge, measure and evaluate its evidence again");
  command->footer(
      "The exit code is the run's verdict, as `firedrill run` gave it. Nothing is written; report.json in the run's\n"
      "directory is what was found when the run ended.\n"
      "  firedrill report firedrill-runs/leader-election-20261121T093000Z --all");
  auto options = std::make_shared<Options>();
  command->add_option("RUN_DIR", options->path, "directory of the run")->required()->check(CLI::ExistingDirectory);
  command->add_flag("--json", options->json, "as JSON (docs/report.md)");
  command->add_flag("--salvage", options->salvage,
                    "report what is intact of broken evidence and say what was left out; cannot pass");
  command->add_flag("--all", options->text.all, "every finding and every partition");
  command->callback([options, &exit_code] {
    options->text.colour = coordinator::report::wants_colour(STDOUT_FILENO);
    exit_code = report(options->path, options->json, options->salvage, options->text);
  });
}

}  // namespace cli
