// `firedrill workload KIND`: one workload by hand, without agent or coordinator; its progress as JSON lines.
#include "workloads/workload.h"

#include <cstdio>
#include <fstream>
#include <future>
#include <iostream>
#include <iterator>
#include <thread>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/interrupts.h"
#include "common/base/json_fields.h"
#include "common/base/json_text.h"

namespace cli {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;

namespace {

struct Options {
  std::string kind;
  std::string spec = "-";
  std::string evidence;
  std::string task = "workload";
  std::string run = "by-hand";
  double seconds = 0;
};

Result<nlohmann::json> read_spec(const std::string& path) {
  std::string text;
  if (path == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream file(path);
    if (!file) return fail(ErrorKind::configuration, "cannot read " + path);
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  auto json = common::base::parse_json(text);
  if (!json) return common::base::context(json.error(), path == "-" ? "standard input" : path);
  return json;
}

void print(const workloads::Workload& workload) {
  std::printf("%s\n", common::base::json_text(workload.progress()).c_str());
  std::fflush(stdout);
}

Result<void> run_workload(const Options& options) {
  const workloads::WorkloadKind* kind = workloads::find_workload(options.kind);
  if (kind == nullptr) {
    std::vector<std::string> known;
    for (const auto& row : workloads::workload_kinds()) known.emplace_back(row.name);
    const std::string near = common::base::nearest(options.kind, known);
    return fail(ErrorKind::usage, "no workload is called `" + options.kind + "`" +
                                      (near.empty() ? "" : "; did you mean `" + near + "`?"));
  }
  auto spec = read_spec(options.spec);
  if (!spec) return spec.error();
  auto writer = workloads::evidence::SegmentWriter::to_nowhere();
  if (!options.evidence.empty()) {
    auto file = workloads::evidence::SegmentWriter::create(options.evidence);
    if (!file) return file.error();
    writer = std::move(*file);
  }
  const workloads::WorkloadContext context{.task = options.task,
                                           .run = options.run,
                                           .host = common::base::host_name(),
                                           .evidence = *writer,
                                           .clock = common::base::SteadyClock::instance()};
  auto made = kind->make(*spec, context);
  if (!made) return made.error();
  workloads::Workload& workload = **made;
  std::promise<Result<void>> promise;
  auto result = promise.get_future();
  std::jthread thread([&](std::stop_token stop) { promise.set_value(workload.run(stop)); });
  const Nanos began = common::base::steady_now();
  Nanos print_at = began + kSecond;
  while (result.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
    const Nanos now = common::base::steady_now();
    const bool over = options.seconds > 0 && static_cast<double>(now - began) >= options.seconds * 1e9;
    if (over || interrupts() > 0) thread.request_stop();
    if (now < print_at) continue;
    print(workload);
    print_at += kSecond;
  }
  print(workload);
  auto closed = writer->close();
  auto outcome = result.get();
  if (!outcome) return outcome;
  return closed;
}

}  // namespace

void add_workload(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("workload", "Run one workload by hand, its progress as JSON lines");
  std::string kinds = "one of:";
  for (const auto& row : workloads::workload_kinds())
    kinds += " " + std::string(row.name) + " (" + std::string(row.summary) + ");";
  command->add_option("KIND", options->kind, kinds)->required();
  command->add_option("--spec", options->spec, "JSON of what it is to do, a file or - for standard input")
      ->capture_default_str();
  command->add_option("--evidence", options->evidence, "file to write evidence to; it must not exist");
  command->add_option("--for", options->seconds, "seconds until it is asked to stop; 0: until it is done or Ctrl-C");
  command->add_option("--task", options->task, "name of the task in evidence")->capture_default_str();
  command->add_option("--run", options->run, "run that the messages belong to")->capture_default_str();
  command->callback([options, &exit_code] {
    listen_for_interrupts();
    auto outcome = run_workload(*options);
    exit_code = outcome ? 0 : report_error(outcome.error());
  });
}

}  // namespace cli
