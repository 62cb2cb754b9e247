// An evidence file in a folder of its own that goes away with it, and short ways to write, read and compare one.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"
#include "workloads/evidence/segment_reader.h"
#include "workloads/evidence/segment_writer.h"

namespace workloads::evidence {

class EvidenceFile {
 public:
  std::string path(const std::string& name = "task.fde") const { return folder_ / name; }
  std::string bytes() const {
    std::ifstream in(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void set_bytes(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

 private:
  const tests::TemporaryFolder folder_;
};

struct ReadBack {
  Names names;
  common::base::Result<FileFacts> facts = FileFacts{};
  std::vector<Event> events;
};

// Ids are those of the writer if every file is read on its own: names are declared in the order of their ids.
inline std::unique_ptr<ReadBack> read_back(const std::string& path) {
  auto back = std::make_unique<ReadBack>();
  back->facts = read_segments(path, back->names, [&](const Event& event) { back->events.push_back(event); });
  return back;
}

}  // namespace workloads::evidence
