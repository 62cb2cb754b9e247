// The evidence of a whole run as one sequence of events, in the one order in which it is dumped and judged: file by
// file (conductor.fde first: it declares run and topics), and End, which says that nothing is missing, after all of
// them. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "workloads/evidence/segment_reader.h"

namespace workloads::evidence {

struct RunFile {
  std::string path;
  FileFacts facts;
};

// `files` in the order of RunDirectory::evidence_files(). A torn tail, or an actor that never closed, is told in the
// facts and stops nothing; damage is an error that names file and byte. A torn tail is damage in a run that got its
// End: it says that nothing is missing.
common::base::Result<std::vector<RunFile>> for_each_run_event(const std::vector<std::string>& files, Names& names,
                                                              const EventSink& sink);

// What is intact of it: each file up to where it is damaged (records build on those before them, so what follows is
// lost with it). Never passes End on. Appends to `left_out` a line for each file that is not whole.
void salvage_run_events(const std::vector<std::string>& files, Names& names, const EventSink& sink,
                        std::vector<std::string>& left_out);

}  // namespace workloads::evidence
