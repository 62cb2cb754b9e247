// The one thing that librdkafka cannot ask: who is the active controller of a KRaft cluster (it reports a random broker).
// DescribeQuorum v0 (KIP-595; any broker forwards it to the controller) over a plain TCP socket of its own; a cluster that
// wants TLS or SASL does not answer it. Blocking, never beyond the timeout; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace workloads::kafka {

struct QuorumLeader {
  std::int32_t controller = -1;  // node id
  std::int32_t epoch = -1;
};

common::base::Result<QuorumLeader> quorum_leader(const std::string& host, int port, common::base::Nanos timeout);

// The two halves without a socket.
std::string describe_quorum_request(std::int32_t correlation);
common::base::Result<QuorumLeader> parse_describe_quorum(std::string_view response, std::int32_t correlation);

}  // namespace workloads::kafka
