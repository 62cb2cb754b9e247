#include "workloads/kafka/cluster_questions.h"

#include "workloads/kafka/names.h"

namespace workloads::kafka {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Nanos;
using common::base::Result;

namespace {

// The body was whole and bore no error, or what is wrong with it.
Result<void> sound(const WireReader& reader, int error, const char* question) {
  if (!reader.ok()) return fail(ErrorKind::infrastructure, std::string(question) + ": the answer is cut short");
  if (error != 0) return fail(ErrorKind::infrastructure, std::string(question) + ": " + error_name(error));
  return {};
}

template <typename Answer, typename Parse>
Result<Answer> asked(const std::string& host, int port, const WireRequest& request, Nanos timeout, Parse parse) {
  auto body = WireConnection(host, port).ask(request, timeout);
  if (!body) return body.error();
  return parse(*body);
}

}  // namespace

WireRequest describe_quorum_request() {
  WireWriter body;
  body.compact_count(1).compact_string("__cluster_metadata").compact_count(1).int32(0).no_tags().no_tags().no_tags();
  return {.api_key = 55, .version = 0, .flexible = true, .body = body.bytes()};
}

Result<QuorumLeader> parse_quorum(std::string_view body) {
  WireReader reader(body);
  int error = reader.int16();
  QuorumLeader leader;
  if (error == 0 && reader.compact_count() == 1) {
    reader.compact_string();  // the topic
    reader.compact_count();   // its one partition
    reader.int32();
    error = reader.int16();
    leader = {.controller = reader.int32(), .epoch = reader.int32(), .voters = {}};
    reader.integer(8);  // high watermark
    for (std::int64_t left = reader.compact_count(); reader.ok() && left > 0; --left) {
      leader.voters.push_back(reader.int32());
      reader.integer(8);  // how far it has got
      reader.skip_tags();
    }
  }
  if (auto result = sound(reader, error, "DescribeQuorum"); !result) return result.error();
  return leader;
}

WireRequest find_coordinator_request(const std::string& group) {
  return {.api_key = 10, .version = 0, .flexible = false, .body = WireWriter().string(group).bytes()};
}

Result<Coordinator> parse_coordinator(std::string_view body) {
  WireReader reader(body);
  const int error = reader.int16();
  Coordinator coordinator;
  coordinator.id = reader.int32();
  coordinator.host = reader.string();
  coordinator.port = reader.int32();
  if (auto result = sound(reader, error, "FindCoordinator"); !result) return result.error();
  return coordinator;
}

// Version 1 is the first that asks for other kinds of coordinators.
WireRequest find_transaction_coordinator_request(const std::string& transactional_id) {
  constexpr std::int8_t kTransactions = 1;
  return {.api_key = 10,
          .version = 1,
          .flexible = false,
          .body = WireWriter().string(transactional_id).int8(kTransactions).bytes()};
}

Result<Coordinator> parse_transaction_coordinator(std::string_view body) {
  WireReader reader(body);
  reader.int32();  // throttled for
  const int error = reader.int16();
  reader.string();  // what the error means
  Coordinator coordinator;
  coordinator.id = reader.int32();
  coordinator.host = reader.string();
  coordinator.port = reader.int32();
  if (auto result = sound(reader, error, "FindCoordinator"); !result) return result.error();
  return coordinator;
}

WireRequest describe_classic_request(const std::string& group) {
  return {.api_key = 15, .version = 0, .flexible = false, .body = WireWriter().int32(1).string(group).bytes()};
}

Result<GroupState> parse_classic(std::string_view body) {
  WireReader reader(body);
  reader.int32();  // one group
  const int error = reader.int16();
  reader.string();  // its name
  GroupState state;
  state.state = reader.string();
  reader.string();  // protocol type
  reader.string();  // protocol
  state.members = reader.int32();
  if (auto result = sound(reader, error, "DescribeGroups"); !result) return result.error();
  return state;
}

WireRequest describe_consumer_request(const std::string& group) {
  WireWriter body;
  body.compact_count(1).compact_string(group).int8(0).no_tags();
  return {.api_key = 69, .version = 0, .flexible = true, .body = body.bytes()};
}

Result<GroupState> parse_consumer(std::string_view body) {
  WireReader reader(body);
  reader.int32();          // throttled for
  reader.compact_count();  // one group
  const int error = reader.int16();
  reader.compact_string();  // what the error means
  reader.compact_string();  // the group's name
  GroupState state;
  state.state = reader.compact_string();
  reader.int32();           // group epoch
  reader.int32();           // assignment epoch
  reader.compact_string();  // assignor
  state.members = reader.compact_count();
  if (auto result = sound(reader, error, "ConsumerGroupDescribe"); !result) return result.error();
  return state;
}

// Version 7 is the first with leader epochs; brokers from 2.1 on know it.
WireRequest metadata_request(const std::vector<std::string>& topics) {
  WireWriter body;
  body.int32(static_cast<std::int32_t>(topics.size()));
  for (const std::string& topic : topics) body.string(topic);
  body.int8(0);  // do not create them
  return {.api_key = 3, .version = 7, .flexible = false, .body = body.bytes()};
}

Result<std::vector<TopicState>> parse_metadata(std::string_view body) {
  WireReader reader(body);
  const auto numbers = [&reader] {
    std::vector<std::int32_t> all;
    for (std::int32_t left = reader.int32(); reader.ok() && left > 0; --left) all.push_back(reader.int32());
    return all;
  };
  reader.int32();  // throttled for
  for (std::int32_t brokers = reader.int32(); reader.ok() && brokers > 0; --brokers) {
    reader.int32();   // id
    reader.string();  // host
    reader.int32();   // port
    reader.string();  // rack
  }
  reader.string();  // cluster id
  reader.int32();   // controller: of a KRaft cluster any broker
  std::vector<TopicState> topics;
  for (std::int32_t left = reader.int32(); reader.ok() && left > 0; --left) {
    TopicState topic;
    topic.error = reader.int16();
    topic.topic = reader.string();
    reader.integer(1);  // internal
    for (std::int32_t partitions = reader.int32(); reader.ok() && partitions > 0; --partitions) {
      PartitionState& state = topic.partitions.emplace_back();
      reader.int16();  // that it has no leader, or a replica is missing, is told below
      state.partition = reader.int32();
      state.leader = reader.int32();
      state.leader_epoch = reader.int32();
      state.replicas = numbers();
      state.isr = numbers();
      numbers();  // offline
    }
    if (topic.error == 0) topics.push_back(std::move(topic));
  }
  if (auto result = sound(reader, 0, "Metadata"); !result) return result.error();
  return topics;
}

Result<std::vector<TopicState>> topics_told(WireConnection& broker, const std::vector<std::string>& topics,
                                            Nanos timeout) {
  auto body = broker.ask(metadata_request(topics), timeout);
  if (!body) return body.error();
  return parse_metadata(*body);
}

Result<QuorumLeader> quorum_leader(const std::string& host, int port, Nanos timeout) {
  return asked<QuorumLeader>(host, port, describe_quorum_request(), timeout, &parse_quorum);
}

Result<Coordinator> coordinator_of(const std::string& group, const std::string& host, int port, Nanos timeout) {
  return asked<Coordinator>(host, port, find_coordinator_request(group), timeout, &parse_coordinator);
}

Result<Coordinator> coordinator_of_transactions(const std::string& transactional_id, const std::string& host, int port,
                                                Nanos timeout) {
  return asked<Coordinator>(host, port, find_transaction_coordinator_request(transactional_id), timeout,
                            &parse_transaction_coordinator);
}

Result<GroupState> group_state(const std::string& group, const Coordinator& coordinator, Nanos timeout) {
  auto classic =
      asked<GroupState>(coordinator.host, coordinator.port, describe_classic_request(group), timeout, &parse_classic);
  // To the classic question a group of the new protocol, and one that never was, is dead.
  if (!classic || classic->state != "Dead") return classic;
  auto consumer =
      asked<GroupState>(coordinator.host, coordinator.port, describe_consumer_request(group), timeout, &parse_consumer);
  return consumer ? consumer : classic;
}

}  // namespace workloads::kafka
