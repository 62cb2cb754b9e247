// What an agent is told at its start: the services of its host, and what it may do to them. Read strictly, all mistakes
// at once. Immutable afterwards.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "agent/faults/service.h"
#include "common/base/result.h"

namespace agent {

struct AgentConfig {
  std::string name;                       // unique in a fleet; default: the host's name
  std::string host;                       // the name of its clock; default: the host's name
  std::string cluster_id;                 // faults for another cluster are refused; empty: all are
  std::vector<std::string> allow_faults;  // kinds; none unless given
  std::vector<faults::Service> services;
  // not in the file
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string state_folder;
  std::string version;
  std::vector<std::string> guardian{"/proc/self/exe", "guardian"};  // argv of the guardian's process
  std::chrono::milliseconds workload_patience{60'000};  // how long a stop of the agent waits for its workloads
};

common::base::Result<AgentConfig> read_agent_config(const std::string& path);
common::base::Result<AgentConfig> parse_agent_config(const std::string& text);
// Each kind must exist; "none" alone is the empty list.
common::base::Result<void> check_fault_kinds(const std::vector<std::string>& kinds);

}  // namespace agent
