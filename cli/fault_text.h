// What `firedrill fault` prints. Pure.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/fault_catalogue.h"

namespace cli {

std::string fault_line(const nlohmann::json& status);  // of a task: its state and the proof of it
std::string faults_text(const nlohmann::json& facts, const nlohmann::json& info);  // GET /v1/faults, GET /v1/info
std::string kinds_text();
std::string kind_text(const common::protocol::FaultDescription& row);

}  // namespace cli
