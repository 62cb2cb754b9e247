#include "workloads/evidence/run_evidence.h"

namespace workloads::evidence {

namespace {

std::string torn(const RunFile& file) {
  return file.path + ": evidence is damaged at byte " + std::to_string(file.facts.intact_bytes) +
         ": no whole frame follows, though the run says that nothing is missing";
}

}  // namespace

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
  if (!ended) return read;
  for (const RunFile& file : read)
    if (file.facts.torn_tail) return common::base::fail(common::base::ErrorKind::configuration, torn(file));
  sink(End{});
  return read;
}

void salvage_run_events(const std::vector<std::string>& files, Names& names, const EventSink& sink,
                        std::vector<std::string>& left_out) {
  bool ended = false;
  std::vector<RunFile> torn_files;  // legal in a run that was cut off
  for (const auto& path : files) {
    const auto facts = read_segments(path, names, [&](const Event& event) {
      if (std::holds_alternative<End>(event))
        ended = true;
      else
        sink(event);
    });
    if (!facts)
      left_out.push_back(facts.error().what + "; nothing is used from there on");
    else if (facts->torn_tail)
      torn_files.push_back({path, *facts});
  }
  if (ended)
    for (const RunFile& file : torn_files) left_out.push_back(torn(file));
}

}  // namespace workloads::evidence
