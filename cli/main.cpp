#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "common/base/json_fields.h"
#include "workloads/workload.h"

namespace cli {

std::string version_text() {
  return "firedrill " FIREDRILL_VERSION " (librdkafka " + workloads::librdkafka_version() + ")";
}

int report_error(const common::base::Error& error) {
  std::fprintf(stderr, "firedrill: %s\n", error.what.c_str());
  using common::base::ErrorKind;
  switch (error.kind) {
    case ErrorKind::usage:
      return 1;
    case ErrorKind::configuration:
    case ErrorKind::conflict:
    case ErrorKind::forbidden:
    case ErrorKind::not_found:
      return 2;
    case ErrorKind::limit:
    case ErrorKind::unreachable:
    case ErrorKind::timeout:
    case ErrorKind::infrastructure:
      return 20;
  }
  return 20;
}

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 pass, 1 usage, 2 configuration, 10 correctness violated, 11 expectation missed,\n"
    "12 inconclusive, 13 hang, 20 infrastructure, 21 revert failed (host dirty), 30 aborted.\n"
    "`firedrill COMMAND --help` tells what a command takes.";

// What stands where a command belongs and is none, down to `evidence dump`; "" if all is well. CLI11 would only say
// that one is required.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  const CLI::App* level = &app;
  std::string path;
  for (int i = 1; i < argc && level->get_require_subcommand_min() > 0 && argv[i][0] != '-'; ++i) {
    const std::string word = argv[i];
    const CLI::App* next = nullptr;
    std::vector<std::string> names;
    for (const CLI::App* command : level->get_subcommands([](const CLI::App*) { return true; })) {
      if (command->get_name() == word) next = command;
      if (!command->get_group().empty()) names.push_back(command->get_name());
    }
    if (next == nullptr) {
      std::string what = "there is no command `" + path + word + "`";
      const std::string meant = common::base::nearest(word, names);
      if (!meant.empty()) return what + "; did you mean `" + path + meant + "`?";
      what += "; there are";
      for (const auto& name : names) what += " " + name;
      return what;
    }
    path += word + " ";
    level = next;
  }
  return "";
}

int run(int argc, char** argv) {
  CLI::App app("Firedrill breaks a Kafka cluster on purpose and proves what became of every message.", "firedrill");
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  app.footer(kFooter);
  int exit_code = 0;
  // the table of commands
  add_agent(app, exit_code);
  add_coordinator(app, exit_code);
  add_doctor(app, exit_code);
  add_evidence(app, exit_code);
  add_explain(app, exit_code);
  add_fault(app, exit_code);
  add_judge(app, exit_code);
  add_report(app, exit_code);
  add_run(app, exit_code);
  add_selftest(app, exit_code);
  add_workload(app, exit_code);
  if (const auto what = unknown_command(app, argc, argv); !what.empty())
    return report_error(common::base::fail(common::base::ErrorKind::usage, what));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  return exit_code;
}

}  // namespace
}  // namespace cli

int main(int argc, char** argv) {
  try {
    const int exit_code = cli::run(argc, argv);
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
    std::fprintf(stderr, "firedrill: cannot write to standard output\n");
    return 20;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "firedrill: this is a bug: %s\n", error.what());
    return 20;
  }
}
