// The agent's REST API (/v1): one table of routes, from which dispatch and the OpenAPI document come. Handlers parse,
// act, answer; what they may not do is decided by TaskTable and FaultDesk.
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "agent/config.h"
#include "agent/fault_desk.h"
#include "agent/task_table.h"
#include "common/http/server.h"
#include "common/protocol/agent_info.h"

namespace agent {

struct ApiParts {  // all of them outlive the server
  const AgentConfig& config;
  TaskTable& table;
  FaultDesk& desk;
};

std::vector<common::http::Route> routes(const ApiParts& parts);

// What it tells of itself (GET /v1/info).
common::protocol::AgentInfo info_of(const AgentConfig& config);

common::http::Response answer(const nlohmann::ordered_json& body);  // 200, as one line

// A part of the table; each in the file of its name.
std::vector<common::http::Route> task_routes(const ApiParts& parts);
std::vector<common::http::Route> fault_routes(const ApiParts& parts);
std::vector<common::http::Route> cluster_routes();

}  // namespace agent
