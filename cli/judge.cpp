#include "coordinator/judge/judge.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <type_traits>
#include <unistd.h>
#include <variant>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "coordinator/report/terminal_text.h"
#include "coordinator/run_directory.h"
#include "workloads/evidence/history_reader.h"
#include "workloads/evidence/run_evidence.h"

namespace cli {

namespace {

using common::base::ErrorKind;
using common::base::Result;
using coordinator::judge::Judge;
using workloads::evidence::Event;
using workloads::evidence::Names;

// The events from here on are only in binary evidence (event.h).
constexpr std::size_t kFirstBinaryOnly = 20;
static_assert(std::is_same_v<std::variant_alternative_t<kFirstBinaryOnly, Event>, workloads::evidence::Reserve>);

Result<void> judge_history(const std::string& path, Names& names, Judge& judge) {
  const auto sink = [&judge](const Event& event, std::int64_t line) { judge.add(event, line); };
  if (path == "-") {
    auto read = workloads::evidence::read_history(std::cin, names, sink);
    if (!read) return common::base::context(read.error(), "standard input");
    return {};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorKind::configuration, path + ": cannot be opened");
  auto read = workloads::evidence::read_history(file, names, sink);
  if (!read) return common::base::context(read.error(), path);
  return {};
}

// Lines are counted as `firedrill evidence dump` prints them: one for each event that a history shows.
Result<void> judge_run(const std::string& path, Names& names, Judge& judge) {
  const auto run = coordinator::RunDirectory::open(path);
  if (!run) return run.error();
  const auto files = run->evidence_files();
  if (!files) return files.error();
  std::int64_t line = 0;
  const auto read = workloads::evidence::for_each_run_event(*files, names, [&](const Event& event) {
    if (event.index() < kFirstBinaryOnly) judge.add(event, ++line);
  });
  if (!read) return read.error();
  return {};
}

int judge_and_print(const std::string& path, bool as_json, bool so_far) {
  auto names = std::make_shared<Names>();
  Judge judge(*names);
  std::error_code ignored;
  const bool is_run = path != "-" && std::filesystem::is_directory(path, ignored);
  const auto read = is_run ? judge_run(path, *names, judge) : judge_history(path, *names, judge);
  if (!read) return report_error(read.error());
  const auto result = so_far ? judge.so_far() : judge.result();
  std::string text;
  if (as_json) {
    text = to_json(result, *names).dump(1) + "\n";
  } else {
    coordinator::report::TextOptions options;
    options.colour = coordinator::report::wants_colour(STDOUT_FILENO);
    options.all = true;
    text = judge_text(result, names, is_run ? "`firedrill evidence dump " + path + "`" : "the history", options);
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
