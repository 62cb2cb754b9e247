// What runs at a port, the same for every daemon of Firedrill (GET /v1/version).
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace common::protocol {

struct VersionInfo {
  std::string role;        // "agent", "coordinator"
  std::string version;     // Firedrill's: "0.1.0"
  std::string librdkafka;  // of the executable, whichever role it plays: "2.15.1"
};

nlohmann::json to_json(const VersionInfo& info);

}  // namespace common::protocol
