// What a run keeps of itself while it goes on: its directory, its state, its own evidence, its events. Owned by the
// conducting thread. A disk that cannot be written is one problem, told once; the run then ends, it does not go on
// blindly.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.h"
#include "coordinator/conductor_evidence.h"
#include "coordinator/event_log.h"
#include "coordinator/run_directory.h"

namespace coordinator {

class RunRecord {
 public:
  static common::base::Result<std::unique_ptr<RunRecord>> open(const RunDirectory& directory);

  RunState& state() { return state_; }
  const RunState& state() const { return state_; }
  const RunDirectory& directory() const { return directory_; }
  ConductorEvidence& evidence() { return evidence_; }

  // Stores state and evidence; what is stored survives a kill. False: the disk is the problem.
  bool save();
  void event(std::string_view what, std::initializer_list<std::pair<std::string_view, std::string>> fields = {}) {
    events_.add(what, fields);
  }
  // Something went wrong with us: the run can no longer pass. Told once per text, and saved.
  void problem(const std::string& what);
  bool disk_failed() const { return disk_failed_; }

 private:
  RunRecord(const RunDirectory& directory, RunState state, ConductorEvidence evidence);

  RunDirectory directory_;
  RunState state_;
  ConductorEvidence evidence_;
  EventLog events_;
  bool disk_failed_ = false;
};

}  // namespace coordinator
