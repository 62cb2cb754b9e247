// What librdkafka cannot tell, or not without danger, asked by hand (wire.h); a cluster that wants TLS or SASL does not
// answer. The active controller: librdkafka reports a random broker of a KRaft cluster. Groups: its Admin API, on a
// handle without a group, dereferences null when a coordinator moves (confluent-kafka-javascript #374), which is what
// we provoke. Leaders: librdkafka tells no leader epoch, and sends every question of its Admin API to the broker that
// it remembers as the controller, which may be the dead one, for up to its metadata refresh interval. Blocking, never
// beyond the timeout; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "workloads/kafka/admin.h"
#include "workloads/kafka/wire.h"

namespace workloads::kafka {

struct QuorumLeader {
  std::int32_t controller = -1;  // node id
  std::int32_t epoch = -1;
  std::vector<std::int32_t> voters;
};
struct Coordinator {
  std::int32_t id = -1;
  std::string host;
  int port = 0;
};
struct GroupState {
  std::string state;  // "Stable"; "Dead": there is no such group
  std::int64_t members = 0;
};

// Any broker answers the first three; the last is for the group's coordinator.
common::base::Result<QuorumLeader> quorum_leader(const std::string& host, int port, common::base::Nanos timeout);
common::base::Result<Coordinator> coordinator_of(const std::string& group, const std::string& host, int port,
                                                 common::base::Nanos timeout);
common::base::Result<Coordinator> coordinator_of_transactions(const std::string& transactional_id,
                                                              const std::string& host, int port,
                                                              common::base::Nanos timeout);
common::base::Result<GroupState> group_state(const std::string& group, const Coordinator& coordinator,
                                             common::base::Nanos timeout);

// What the broker at the other end knows; topics that it does not know are left out.
common::base::Result<std::vector<TopicState>> topics_told(WireConnection& broker,
                                                          const std::vector<std::string>& topics,
                                                          common::base::Nanos timeout);

// The requests and the parsing of their answers, without a socket.
WireRequest describe_quorum_request();
common::base::Result<QuorumLeader> parse_quorum(std::string_view body);
WireRequest find_coordinator_request(const std::string& group);
common::base::Result<Coordinator> parse_coordinator(std::string_view body);
WireRequest find_transaction_coordinator_request(const std::string& transactional_id);
common::base::Result<Coordinator> parse_transaction_coordinator(std::string_view body);
WireRequest describe_classic_request(const std::string& group);
common::base::Result<GroupState> parse_classic(std::string_view body);
WireRequest describe_consumer_request(const std::string& group);  // of a KIP-848 group
common::base::Result<GroupState> parse_consumer(std::string_view body);
WireRequest metadata_request(const std::vector<std::string>& topics);
common::base::Result<std::vector<TopicState>> parse_metadata(std::string_view body);

}  // namespace workloads::kafka
