// What somebody asks for: a scenario with parameters on a cluster, under an id of the caller's choice. Its JSON is the
// body of POST /v1/runs, read strictly. Pure data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.h"
#include "common/protocol/workload_specs.h"
#include "coordinator/scenario/scenario.h"

namespace coordinator {

struct RunRequest {
  std::string id;        // of ids' alphabet (common/protocol/task.h), at most 100 characters: task ids are made of it
  std::string scenario;  // its text
  std::string file = "scenario";  // how messages name it
  scenario::ParameterValues parameters;
  std::optional<std::uint64_t> seed;  // not given: one is chosen and stored
  std::string bootstrap;
  common::protocol::Properties client;  // librdkafka properties for every client; may hold secrets
};

nlohmann::json to_json(const RunRequest& request);
common::base::Result<RunRequest> run_request_from(const nlohmann::json& json);

common::base::Result<std::uint64_t> parse_seed(std::string_view text);  // an Error begins with "must be"

// The same run: equal in everything, a seed that is not given equals any.
bool same_run(const RunRequest& asked, const RunRequest& stored);

}  // namespace coordinator
