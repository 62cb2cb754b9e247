#include "workloads/evidence/run_evidence.h"

namespace workloads::evidence {

common::base::Result<std::vector<RunFile>> for_each_run_event(const std::vector<std::string>& files, Names& names,
                                                              const EventSink& sink) {
  std::vector<RunFile> read;
  bool ended = false;
  for (const auto& path : files) {
    const auto facts = read_segments(path, names, [&](const Event& event) {
      if (std::holds_alternative<End>(event))
        ended = true;
      else
        sink(event);
    });
    if (!facts) return facts.error();
    read.push_back({path, *facts});
  }
  if (ended) sink(End{});
  return read;
}

}  // namespace workloads::evidence
