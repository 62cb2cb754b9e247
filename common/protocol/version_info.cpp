#include "common/protocol/version_info.h"

#include <nlohmann/json.hpp>

namespace common::protocol {

nlohmann::json to_json(const VersionInfo& info) {
  return {{"role", info.role}, {"version", info.version}, {"librdkafka", info.librdkafka}};
}

}  // namespace common::protocol
