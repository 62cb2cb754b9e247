// A service that this host declares in the agent's own configuration: how to start it, how to find its process, how it
// is known to be ready. Only declared services can be touched. They are started in a session of their own: they outlive
// the agent.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "agent/faults/process.h"
#include "common/base/json_fields.h"
#include "common/base/result.h"

namespace agent::faults {

struct Service {
  std::string name;  // "broker-2"
  std::int64_t node_id = -1;
  std::vector<std::string> start;  // argv without a shell; returns soon after it started the process, exit 0
  std::string pid_file;            // one line, the pid as this host sees it; replaced atomically at each start
  std::string address;             // host:port of the client listener; ready = answers ApiVersions
  bool broker = true;              // false: a controller that is no broker
  bool controller = false;
  std::map<std::string, std::int64_t> listeners;    // ports by name: client, inter_broker, controller
  std::vector<std::string> log_dirs;                // absolute
  std::string shim;                                 // control page of the shim that it was started with
  std::chrono::milliseconds stop_timeout{60'000};   // how long a TERM may take
  std::chrono::milliseconds start_timeout{60'000};  // how long until ready
};

nlohmann::json to_json(const Service& service);
// Strict; mistakes are added to `problems`, each with its path below `path`.
Service service_from(const nlohmann::json& json, const std::string& path, common::base::Problems& problems);

// The process that the pid file names, if it is still that one: a process younger than the file that names it was only
// given the same pid. not_found: the service does not run.
common::base::Result<Process> process_of(const Service& service);

}  // namespace agent::faults
