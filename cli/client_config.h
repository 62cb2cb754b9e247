// A file of librdkafka's properties, NAME=VALUE lines: how every client reaches the cluster.
#pragma once

#include <string>

#include "common/base/result.h"
#include "common/protocol/workload_specs.h"

namespace cli {

// An Error (configuration) tells every line that is wrong.
common::base::Result<common::protocol::Properties> read_client_config(const std::string& path);

}  // namespace cli
