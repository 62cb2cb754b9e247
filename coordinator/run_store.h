// The runs under one root folder: created idempotently from a request, found again after a restart. No second truth
// beside the directories; client properties, which may be secret, lie beside a run's directory and not in it
// (ROOT/.RUN.client). Any thread, one at a time for one run.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "coordinator/fleet.h"
#include "coordinator/preflight.h"
#include "coordinator/run_directory.h"
#include "coordinator/run_request.h"
#include "coordinator/scenario/plan.h"

namespace coordinator {

struct StoredRun {
  RunDirectory directory;
  RunRequest request;
  scenario::Plan plan;
  Fleet fleet;         // as it was when the run was created
  bool fresh = false;  // created just now
};

class RunStore {
 public:
  // Without `preflight` only what the scenario and the fleet tell is checked: for runs that are there already.
  explicit RunStore(std::string root, Preflight preflight = {})
      : root_(std::move(root)), preflight_(std::move(preflight)) {}

  // Plans and stores; nothing is started. A run that is there with the same request is returned as it is, with another
  // one: conflict. A scenario with mistakes: all of them, and nothing is left.
  common::base::Result<StoredRun> create(const RunRequest& request, const Fleet& fleet, const std::string& folder = "");
  common::base::Result<StoredRun> open(const std::string& folder) const;
  bool has(const std::string& folder) const;  // whole: a run that was being created when we were killed is not
  std::vector<std::string> folders() const;   // of whole runs, by name

  const std::string& root() const { return root_; }

 private:
  common::base::Result<void> write(const RunDirectory& directory, const RunRequest& request, const scenario::Plan& plan,
                                   const Fleet& fleet) const;
  std::string client_file(const std::string& folder) const { return root_ + "/." + folder + ".client"; }
  std::string root_;
  Preflight preflight_;
};

}  // namespace coordinator
