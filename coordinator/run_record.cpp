#include "coordinator/run_record.h"

#include <algorithm>

#include "common/base/log.h"

namespace coordinator {

using common::base::Result;

Result<std::unique_ptr<RunRecord>> RunRecord::open(const RunDirectory& directory) {
  auto state = directory.state();
  if (state.has_error()) return state.error();
  auto evidence = ConductorEvidence::open(directory.evidence_file("conductor"));
  if (evidence.has_error()) return evidence.error();
  return std::unique_ptr<RunRecord>(new RunRecord(directory, std::move(*state), std::move(*evidence)));
}

RunRecord::RunRecord(const RunDirectory& directory, RunState state, ConductorEvidence evidence)
    : directory_(directory),
      state_(std::move(state)),
      evidence_(std::move(evidence)),
      events_(directory.events_file()) {}

bool RunRecord::save() {
  // Evidence first: a state that says "fault injected" without its planned event would hide the fault from the judge.
  const auto flushed = evidence_.ended() ? Result<void>{} : evidence_.flush();
  const auto stored = directory_.store(state_);
  if (flushed.has_value() && stored.has_value()) return true;
  const auto& what = flushed.has_error() ? flushed.error().what : stored.error().what;
  if (!disk_failed_) {
    disk_failed_ = true;
    common::base::log(common::base::Level::error, "the run's directory cannot be written",
                      {{"run", state_.run}, {"why", what}});
    state_.infrastructure.push_back("the run's directory cannot be written: " + what);
  }
  return false;
}

void RunRecord::problem(const std::string& what) {
  auto& known = state_.infrastructure;
  if (std::find(known.begin(), known.end(), what) != known.end()) return;
  known.push_back(what);
  event("problem", {{"why", what}});
  save();
}

}  // namespace coordinator
