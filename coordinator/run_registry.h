// The runs of a coordinator daemon: those that go on have a conductor, the others are only their directories. Continues
// at start what a predecessor left unfinished. Any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.h"
#include "coordinator/conductor.h"
#include "coordinator/run_store.h"

namespace coordinator {

class RunRegistry {
 public:
  using Judge = std::function<common::base::Result<report::Report>(const RunDirectory&)>;
  RunRegistry(std::string root, ConductorTiming timing, Judge judge, Preflight preflight);
  ~RunRegistry();

  void continue_unfinished();
  // Runs that ended without all evidence of that agent: it is pulled now, and they are judged again.
  void collect_from(const std::string& agent);

  // Idempotent: the same request again tells how the run is. {"id", "state", ...} as describe(). A run whose files are
  // damaged is told like any other, with what is wrong in `damage`: it must not vanish.
  common::base::Result<nlohmann::json> create(const RunRequest& request, const Fleet& fleet, bool& fresh);
  common::base::Result<nlohmann::json> describe(const std::string& run) const;
  nlohmann::json list() const;                                                 // briefly, all of them
  common::base::Result<RunDirectory> directory(const std::string& run) const;  // damaged: conflict

  common::base::Result<void> stop(const std::string& run);  // again: at once
  common::base::Result<void> go(const std::string& run, const std::string& hold);
  // Faults are reverted, runs stay resumable. False: some conductor did not come to rest within `patience`.
  bool suspend_all(std::chrono::milliseconds patience);

 private:
  using Live = std::shared_ptr<Conductor>;
  common::base::Result<void> conduct(const StoredRun& stored);
  Live live(const std::string& run) const;
  void reap();  // conductors that have ended
  bool has(const std::string& run) const;
  void not_continued(const std::string& run, const std::string& why);

  RunStore store_;
  const ConductorTiming timing_;
  const Judge judge_;
  mutable std::mutex mutex_;
  std::map<std::string, Live> conductors_;
  std::map<std::string, std::string> not_continued_;  // by run: why nobody conducts it though it has not ended
  bool closed_ = false;
};

}  // namespace coordinator
