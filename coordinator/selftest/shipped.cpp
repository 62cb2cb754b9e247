#include "coordinator/selftest/shipped.h"

#include <algorithm>
#include <string_view>

#include "common/base/embedded.h"
#include "workloads/evidence/segment_reader.h"

namespace coordinator::selftest {

extern const common::base::EmbeddedFile kShippedEvidence[];

using common::base::context;
using common::base::Result;
namespace evidence = workloads::evidence;

namespace {

Result<Lines> lines_of(const common::base::EmbeddedFile& file, evidence::Names& names) {
  Lines lines;
  evidence::SegmentDecoder decoder(names, [&lines](const evidence::Event& event) { add_single(lines, event); });
  auto fed = decoder.feed(reinterpret_cast<const char*>(file.bytes), file.size);
  if (!fed) return context(fed.error(), file.name);
  const auto facts = decoder.finish();
  if (!facts) return context(facts.error(), file.name);
  return lines;
}

}  // namespace

Result<std::vector<Recording>> shipped_recordings() {
  std::vector<Recording> recordings;
  for (const auto* file = kShippedEvidence; file->name != nullptr; ++file) {
    const std::string_view name = file->name;
    const auto slash = name.find('/');
    const std::string run(name.substr(0, slash));
    if (recordings.empty() || recordings.back().name != run) {
      recordings.emplace_back();
      recordings.back().name = run;
    }
    auto lines = lines_of(*file, *recordings.back().names);
    if (!lines) return lines.error();
    auto& files = recordings.back().files;
    files.insert(name.substr(slash + 1) == "conductor.fde" ? files.begin() : files.end(), std::move(*lines));
  }
  return recordings;
}

}  // namespace coordinator::selftest
