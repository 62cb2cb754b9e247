#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "common/base/json_text.h"
#include "coordinator/evidence_source.h"
#include "coordinator/judge/salvage.h"
#include "coordinator/report/terminal_text.h"

namespace cli {

namespace {

using coordinator::judge::Judge;
using workloads::evidence::Event;
using workloads::evidence::Names;

struct Options {
  std::string path;
  bool json = false;
  bool so_far = false;
  bool salvage = false;
};

common::base::Result<coordinator::judge::JudgeResult> judged(const Options& options, Names& names) {
  Judge judge(names);
  const auto add = [&judge](const Event& event, std::int64_t line) { judge.add(event, line); };
  if (options.salvage) {
    auto salvaged = coordinator::salvage_evidence(options.path, names, add);
    if (!salvaged) return salvaged.error();
    if (salvaged->more > 0) salvaged->left_out.push_back(std::to_string(salvaged->more) + " more lines");
    return judge_salvaged(judge, salvaged->left_out, salvaged->holes);
  }
  const auto read = coordinator::read_evidence(options.path, names, add);
  if (!read) return read.error();
  return options.so_far ? judge.so_far() : judge.result();
}

int judge_and_print(const Options& asked) {
  auto names = std::make_shared<Names>();
  const auto result = judged(asked, *names);
  if (!result) return report_error(result.error());
  std::string text;
  if (asked.json) {
    text = common::base::json_text(to_json(*result, *names), 1) + "\n";
  } else {
    coordinator::report::TextOptions options;
    options.colour = coordinator::report::wants_colour(STDOUT_FILENO);
    options.all = true;
    text = judge_text(*result, names,
                      coordinator::is_run(asked.path) ? "`firedrill evidence dump " + asked.path + "`" : "the history",
                      options);
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  return result->exit_code;
}

}  // namespace

void add_judge(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("judge", "Decide what became of every message, from a history or a run's evidence");
  command->footer("Exit codes: 0 pass, 10 violated, 12 inconclusive, 2 the input is wrong (line and field are named).");
  auto options = std::make_shared<Options>();
  command
      ->add_option("EVIDENCE", options->path, "a history (NDJSON), `-` for standard input, or the directory of a run")
      ->required();
  command->add_flag("--json", options->json, "the result as JSON");
  auto* so_far = command->add_flag("--so-far", options->so_far,
                                   "more evidence may come: call a violation only what nothing later can excuse");
  command
      ->add_flag("--salvage", options->salvage,
                 "judge what is intact of broken evidence and say what was left out; cannot pass")
      ->excludes(so_far);
  command->callback([options, &exit_code] { exit_code = judge_and_print(*options); });
}

}  // namespace cli
