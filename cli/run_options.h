// What `firedrill run` was told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "coordinator/run_request.h"

namespace cli {

struct RunOptions {
  std::string scenario;
  std::string bootstrap;
  std::string services;             // an agent's configuration; the agent then lives in this process
  std::vector<std::string> agents;  // urls of others
  std::string client_config;
  std::vector<std::string> set;     // name=value
  std::optional<std::string> seed;  // as told
  std::string run_dir_given;        // as told; run_dir is it or the default
  std::string run_dir;
  std::string id;
  std::vector<std::string> allow_faults;
  std::string coordinator;  // url: drive that one instead
  bool dry_run = false;
  bool json = false;
  bool quiet = false;
  bool all = false;
};

// Everything that can be wrong with the options and the scenario is found here, before anything starts.
common::base::Result<coordinator::RunRequest> make_request(RunOptions& options);

// --dry-run: the plan that a run would follow. `facts`: what the agents tell of themselves, or nothing is known of
// them.
int print_plan(const RunOptions& options, const coordinator::RunRequest& request,
               coordinator::scenario::ClusterFacts facts);

int run_here(const RunOptions& options, const coordinator::RunRequest& request);   // run_here.cpp
int run_there(const RunOptions& options, const coordinator::RunRequest& request);  // run_there.cpp: --coordinator

}  // namespace cli
