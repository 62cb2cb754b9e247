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

// read(stream) of the history.
template <typename Read>
base::Result<void> with_history(const std::string& path, Read read) {
  if (path == "-") {
    auto done = read(std::cin);
    if (!done) return base::context(done.error(), "standard input");
    return done;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::fail(base::ErrorKind::configuration, path + ": cannot be opened");
  auto done = read(file);
  if (!done) return base::context(done.error(), path);
  return done;
}

base::Result<void> read_history(const std::string& path, evidence::Names& names, const evidence::LineSink& sink) {
  return with_history(path, [&](std::istream& in) { return evidence::read_history(in, names, sink); });
}

constexpr std::size_t kMostLeftOut = 20;

base::Result<Salvaged> salvage_history(const std::string& path, evidence::Names& names,
                                       const evidence::LineSink& sink) {
  Salvaged salvaged;
  const auto broken = [&](const base::Error& error) {
    salvaged.holes = true;
    if (salvaged.left_out.size() < kMostLeftOut)
      salvaged.left_out.push_back(error.what);
    else
      ++salvaged.more;
  };
  const auto read =
      with_history(path, [&](std::istream& in) { return evidence::salvage_history(in, names, sink, broken); });
  if (!read) return read.error();
  return salvaged;
}

base::Result<Salvaged> salvage_run(const std::string& path, evidence::Names& names, const evidence::LineSink& sink) {
  const auto run = RunDirectory::open(path);
  if (!run) return run.error();
  Salvaged salvaged;
  const auto files = run->intact_evidence_files(salvaged.left_out);
  if (!files) return files.error();
  std::int64_t line = 0;
  evidence::salvage_run_events(
      *files, names,
      [&](const evidence::Event& event) {
        if (evidence::stands_in_history(event)) sink(event, ++line);
      },
      salvaged.left_out);
  return salvaged;
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

base::Result<Salvaged> salvage_evidence(const std::string& path, evidence::Names& names,
                                        const evidence::LineSink& sink) {
  return is_run(path) ? salvage_run(path, names, sink) : salvage_history(path, names, sink);
}

bool is_run(const std::string& path) {
  std::error_code ignored;
  return path != "-" && std::filesystem::is_directory(path, ignored);
}

base::Result<void> read_evidence(const std::string& path, evidence::Names& names, const evidence::LineSink& sink) {
  return is_run(path) ? read_run(path, names, sink) : read_history(path, names, sink);
}

}  // namespace coordinator
