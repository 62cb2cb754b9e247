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
  auto body = ask(host, port, request, timeout);
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
    leader = {.controller = reader.int32(), .epoch = reader.int32()};
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

Result<QuorumLeader> quorum_leader(const std::string& host, int port, Nanos timeout) {
  return asked<QuorumLeader>(host, port, describe_quorum_request(), timeout, &parse_quorum);
}

Result<Coordinator> coordinator_of(const std::string& group, const std::string& host, int port, Nanos timeout) {
  return asked<Coordinator>(host, port, find_coordinator_request(group), timeout, &parse_coordinator);
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
