// One request to a daemon of ours, its answer as JSON; what it refuses is an Error in its own words.
#pragma once

#include <chrono>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.h"
#include "common/http/client.h"

namespace cli {

// `who`: "coordinator", "agent". What the caller can mend (400, 403, 404, 409) is an Error (configuration).
common::base::Result<nlohmann::json> call(common::http::Client& client, const std::string& who,
                                          const std::string& method, const std::string& path, const std::string& body,
                                          std::chrono::milliseconds timeout);

}  // namespace cli
