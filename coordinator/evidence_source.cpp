#include "coordinator/evidence_source.h"

#include <filesystem>
#include <fstream>
#include <iostream>

#include "coordinator/run_directory.h"
#include "workloads/evidence/run_evidence.h"

namespace coordinator {
namespace base = common::base;
namespace evidence = workloads::evidence;

namespace {

base::Result<void> read_history(const std::string& path, evidence::Names& names, const evidence::LineSink& sink) {
  if (path == "-") {
    auto read = evidence::read_history(std::cin, names, sink);
    if (!read) return base::context(read.error(), "standard input");
    return {};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::fail(base::ErrorKind::configuration, path + ": cannot be opened");
  auto read = evidence::read_history(file, names, sink);
  if (!read) return base::context(read.error(), path);
  return {};
}

base::Result<void> read_run(const std::string& path, evidence::Names& names, const evidence::LineSink& sink) {
  const auto run = RunDirectory::open(path);
  if (!run) return run.error();
  const auto files = run->evidence_files();
  if (!files) return files.error();
  std::int64_t line = 0;
  const auto read = evidence::for_each_run_event(*files, names, [&](const evidence::Event& event) {
    if (evidence::stands_in_history(event)) sink(event, ++line);
  });
  if (!read) return read.error();
  return {};
}

}  // namespace

bool is_run(const std::string& path) {
  std::error_code ignored;
  return path != "-" && std::filesystem::is_directory(path, ignored);
}

base::Result<void> read_evidence(const std::string& path, evidence::Names& names, const evidence::LineSink& sink) {
  return is_run(path) ? read_run(path, names, sink) : read_history(path, names, sink);
}

}  // namespace coordinator
