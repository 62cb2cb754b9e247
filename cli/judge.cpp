#include "coordinator/judge/judge.h"

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "coordinator/evidence_source.h"
#include "coordinator/report/terminal_text.h"

namespace cli {

namespace {

using coordinator::judge::Judge;
using workloads::evidence::Event;
using workloads::evidence::Names;

int judge_and_print(const std::string& path, bool as_json, bool so_far) {
  auto names = std::make_shared<Names>();
  Judge judge(*names);
  const auto read = coordinator::read_evidence(
      path, *names, [&judge](const Event& event, std::int64_t line) { judge.add(event, line); });
  if (!read) return report_error(read.error());
  const auto result = so_far ? judge.so_far() : judge.result();
  std::string text;
  if (as_json) {
    text = to_json(result, *names).dump(1) + "\n";
  } else {
    coordinator::report::TextOptions options;
    options.colour = coordinator::report::wants_colour(STDOUT_FILENO);
    options.all = true;
    text = judge_text(result, names,
                      coordinator::is_run(path) ? "`firedrill evidence dump " + path + "`" : "the history", options);
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  return result.exit_code;
}

}  // namespace

void add_judge(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("judge", "Decide what became of every message, from a history or a run's evidence");
  command->footer("Exit codes: 0 pass, 10 violated, 12 inconclusive, 2 the input is wrong (line and field are named).");
  auto path = std::make_shared<std::string>();
  auto as_json = std::make_shared<bool>(false);
  command->add_option("EVIDENCE", *path, "a history (NDJSON), `-` for standard input, or the directory of a run")
      ->required();
  command->add_flag("--json", *as_json, "the result as JSON");
  auto so_far = std::make_shared<bool>(false);
  command->add_flag("--so-far", *so_far, "more evidence may come: call a violation only what nothing later can excuse");
  command->callback([=, &exit_code] { exit_code = judge_and_print(*path, *as_json, *so_far); });
}

}  // namespace cli
