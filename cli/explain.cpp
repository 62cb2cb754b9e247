// firedrill explain: the few lines of evidence behind one finding.
#include "coordinator/report/explain.h"

#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "common/base/json_text.h"
#include "coordinator/evidence_source.h"
#include "coordinator/judge/judge.h"
#include "coordinator/report/explain_select.h"
#include "coordinator/report/report.h"
#include "coordinator/report/terminal_text.h"
#include "coordinator/run_names.h"

namespace cli {

namespace {

using workloads::evidence::Event;
using workloads::evidence::Names;

// Three readings: what is found, what stands around it, and what was the case then. None keeps the evidence.
int explain(const std::string& path, const std::string& wanted, bool as_json) {
  Names names;
  coordinator::judge::Judge judge(names);
  coordinator::report::RunFacts run;  // a run's names on the cluster have a suffix that people do not read
  const auto judged = coordinator::read_evidence(path, names, [&](const Event& event, std::int64_t line) {
    judge.add(event, line);
    if (const auto* start = std::get_if<workloads::evidence::RunStart>(&event)) {
      run.run = start->run;
      run.name_suffix = coordinator::suffix_of_run(start->run);
    }
  });
  if (!judged) return report_error(judged.error());
  const auto result = judge.result();
  const auto chosen = coordinator::report::select_finding(result, names, wanted, run.name_suffix);
  if (!chosen) return report_error(chosen.error());
  coordinator::report::Explainer explainer(result.findings[*chosen], names);
  auto read = coordinator::read_evidence(path, names,
                                         [&](const Event& event, std::int64_t line) { explainer.first(event, line); });
  if (read)
    read = coordinator::read_evidence(path, names,
                                      [&](const Event& event, std::int64_t line) { explainer.second(event, line); });
  if (!read) return report_error(read.error());
  const auto explanation = explainer.result();
  const std::string text =
      as_json ? common::base::json_text(to_json(explanation, *chosen + 1), 1) + "\n"
              : in_scenario(
                    run, explanation_text(explanation, *chosen + 1, coordinator::report::wants_colour(STDOUT_FILENO)));
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

}  // namespace

void add_explain(CLI::App& app, int& exit_code) {
  struct Options {
    std::string path, finding;
    bool json = false;
  };
  auto* command = app.add_subcommand("explain", "Show the few lines of evidence behind one finding");
  command->footer(
      "  firedrill explain firedrill-runs/nightly 1\n"
      "  firedrill explain firedrill-runs/nightly lost:orders-3:88120\n"
      "`line N` is a line of the history, or of `firedrill evidence dump RUN`. Exit code 2: there is no such finding.");
  auto options = std::make_shared<Options>();
  command->add_option("EVIDENCE", options->path, "the directory of a run, or a history (NDJSON)")
      ->required()
      ->check(CLI::ExistingPath);
  command
      ->add_option("FINDING", options->finding,
                   "its number in the list of `firedrill judge` or `report`, or kind:topic-partition:offset")
      ->required();
  command->add_flag("--json", options->json, "as JSON");
  command->callback([options, &exit_code] { exit_code = explain(options->path, options->finding, options->json); });
}

}  // namespace cli
