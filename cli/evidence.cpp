// firedrill evidence dump|show: what the binary evidence holds, as a history and as facts.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/evidence_facts.h"
#include "coordinator/run_directory.h"
#include "workloads/evidence/history_writer.h"
#include "workloads/evidence/run_evidence.h"

namespace cli {
namespace base = common::base;
namespace evidence = workloads::evidence;

namespace {

constexpr std::size_t kPortion = std::size_t{64} * 1024;

// Standard output in portions. A reader that went away (EPIPE: `| head`) ends the dump quietly.
class Output {
 public:
  std::string& text() { return text_; }
  void drain(std::size_t at_least) {
    if (text_.size() < at_least || gone_) return;
    std::size_t done = 0;
    while (done < text_.size() && error_ == 0) {
      const ssize_t n = ::write(STDOUT_FILENO, text_.data() + done, text_.size() - done);
      if (n > 0)
        done += static_cast<std::size_t>(n);
      else if (errno != EINTR)
        error_ = errno;
    }
    gone_ = error_ != 0;
    text_.clear();
  }
  bool gone() const { return gone_; }
  int error() const { return error_ == EPIPE ? 0 : error_; }

 private:
  std::string text_;
  bool gone_ = false;
  int error_ = 0;
};

base::Result<std::vector<std::string>> files_of(const std::string& path, const std::string& task) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    if (!task.empty())
      return base::fail(base::ErrorKind::usage, "--from names a task of a run, but " + path + " is no folder");
    return std::vector<std::string>{path};
  }
  const auto run = coordinator::RunDirectory::open(path);
  if (!run) return run.error();
  if (task.empty()) return run->evidence_files();
  const std::string file = run->evidence_file(task);
  if (!std::filesystem::exists(file, error))
    return base::fail(base::ErrorKind::not_found, "run " + path + " has no evidence of a task `" + task + "`");
  return std::vector<std::string>{file};
}

int dump(const std::string& path, const std::string& task) {
  const auto files = files_of(path, task);
  if (!files) return report_error(files.error());
  std::signal(SIGPIPE, SIG_IGN);
  evidence::Names names;
  evidence::HistoryWriter history(names);
  Output output;
  const auto read = evidence::for_each_run_event(*files, names, [&](const evidence::Event& event) {
    if (output.gone()) return;
    history.append(event, output.text());
    output.drain(kPortion);
  });
  output.drain(1);
  if (output.error() != 0)
    return report_error(base::fail(base::ErrorKind::infrastructure,
                                   std::string("cannot write to standard output: ") + std::strerror(output.error())));
  if (!read) return report_error(read.error());
  for (const auto& file : *read)
    if (file.facts.torn_tail)
      std::fprintf(stderr, "firedrill: %s has a torn tail beyond byte %lld: its writer was killed\n", file.path.c_str(),
                   static_cast<long long>(file.facts.intact_bytes));
  return 0;
}

int show(const std::string& path) {
  const auto files = files_of(path, "");
  if (!files) return report_error(files.error());
  for (const auto& file : *files) {
    const auto text = evidence_facts(file);
    if (!text) return report_error(text.error());
    std::fputs(text->c_str(), stdout);
  }
  return 0;
}

}  // namespace

void add_evidence(CLI::App& app, int& exit_code) {
  static std::string path;
  static std::string task;
  auto* command = app.add_subcommand("evidence", "Show what the evidence of a run holds");
  command->require_subcommand(1);

  auto* dump_command = command->add_subcommand("dump", "Print evidence as a history: one JSON object a line");
  dump_command->add_option("RUN|FILE", path, "A run's directory, or one evidence file (.fde)")->required();
  dump_command->add_option("--from", task, "Only the evidence of this task of the run");
  dump_command->footer(
      "docs/history.md describes the lines. `firedrill evidence dump RUN | firedrill judge -` judges like\n"
      "`firedrill judge RUN`. Exit code 2: no such run, or evidence is damaged (the byte is named).");
  dump_command->callback([&exit_code] { exit_code = dump(path, task); });

  auto* show_command =
      command->add_subcommand("show", "Print facts: segments, bytes, events by kind, bytes per message");
  show_command->add_option("RUN|FILE", path, "A run's directory, or one evidence file (.fde)")->required();
  show_command->callback([&exit_code] { exit_code = show(path); });
}

}  // namespace cli
