// A run is a directory, append-only while it goes on; the coordinator holds no second truth beside it.
//   scenario.yaml        as it was given
//   plan.json            scenario/plan.h, with seed and parameters
//   run.json             RunState below, replaced atomically (write, fsync, rename) at every change
//   evidence/TASK.fde    as pulled from the agents; evidence/conductor.fde is the conductor's own (RunStart, TopicInfo,
//                        planned faults, ClockOffset, Phase, and End once nothing is missing)
//   events.ndjson        what happened when, for people: {"at","wall","what",...}
//   verdict.json         the judge's result (docs/history.md, section 5)
//   report.json          everything: verdict of the run, books, findings, phases, faults, what was not proved
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.h"

namespace coordinator {

struct TaskRecord {
  std::string agent;  // name of the agent it runs on
  std::string url;    // of that agent
  std::string kind;
  std::string request;  // the TaskRequest as JSON, so that a coordinator that restarts can ask again
  std::string state;    // as last told
  std::string error;
  std::int64_t pulled_bytes = 0;
  bool evidence_complete = false;
};

struct RunState {
  std::string run;
  std::string state = "planned";  // planned, running, draining, auditing, judging, done
  std::string phase;
  std::int64_t step = 0;  // within the phase, so that a coordinator that restarts goes on from here
  std::string cluster_id;
  std::string bootstrap;
  std::string started;                // wall time, for people
  std::int64_t anchor_steady_ns = 0;  // one moment on the coordinator host's monotonic clock ..
  std::int64_t anchor_wall_ns = 0;    // .. and on its wall clock
  std::string host;                   // of the coordinator
  std::map<std::string, TaskRecord> tasks;
  std::vector<std::string>
      infrastructure;   // what went wrong with us: agents lost, timeouts; each makes the run inconclusive
  std::string stopped;  // why the scenario itself ended the phases early; "": it did not
  bool aborted = false;
  bool revert_failed = false;
};

class RunDirectory {
 public:
  static common::base::Result<RunDirectory> create(const std::string& root,
                                                   const std::string& run);  // conflict if it exists
  static common::base::Result<RunDirectory> open(const std::string& path);

  const std::string& path() const { return path_; }
  std::string scenario_file() const { return path_ + "/scenario.yaml"; }
  std::string plan_file() const { return path_ + "/plan.json"; }
  std::string evidence_folder() const { return path_ + "/evidence"; }
  std::string evidence_file(const std::string& task) const { return path_ + "/evidence/" + task + ".fde"; }
  std::string events_file() const { return path_ + "/events.ndjson"; }
  std::string verdict_file() const { return path_ + "/verdict.json"; }
  std::string report_file() const { return path_ + "/report.json"; }

  common::base::Result<RunState> state() const;
  common::base::Result<void> store(const RunState& state) const;
  // conductor.fde first, then the others by name: the order in which `judge` and `evidence dump` read them.
  // An Error (configuration) names a file that is missing or shorter than what was pulled.
  common::base::Result<std::vector<std::string>> evidence_files() const;
  // Those that are there, in that order; `missing` gets a line for each that is not whole.
  common::base::Result<std::vector<std::string>> intact_evidence_files(std::vector<std::string>& missing) const;

 private:
  common::base::Result<std::vector<std::string>> missing_evidence() const;
  common::base::Result<std::vector<std::string>> files_there() const;
  explicit RunDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace coordinator
