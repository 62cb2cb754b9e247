#include "workloads/kafka/admin.h"
#include "workloads/kafka/admin_call.h"

namespace workloads::kafka {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Nanos;
using common::base::Result;

namespace {

std::string quoted(const std::string& topic) {
  return "`" + topic + "`";
}

// The one topic that was asked for.
Result<void> outcome(const rd_kafka_topic_result_t* const* topics, std::size_t count, const std::string& doing) {
  if (count != 1) return fail(ErrorKind::infrastructure, doing + ": the answer names no topic");
  const int error = rd_kafka_topic_result_error(topics[0]);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  const char* text = rd_kafka_topic_result_error_string(topics[0]);
  ErrorKind kind = ErrorKind::infrastructure;
  if (error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) kind = ErrorKind::conflict;
  if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) kind = ErrorKind::not_found;
  if (error == RD_KAFKA_RESP_ERR_INVALID_CONFIG || error == RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR ||
      error == RD_KAFKA_RESP_ERR_INVALID_PARTITIONS || error == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION)
    kind = ErrorKind::configuration;
  return fail(kind, doing + ": " + error_name(error) + ": " + (text == nullptr ? error_text(error) : text));
}

std::vector<std::int32_t> ids_of(const rd_kafka_Node_t* const* nodes, std::size_t count) {
  std::vector<std::int32_t> ids;
  for (std::size_t i = 0; i < count; ++i) ids.push_back(rd_kafka_Node_id(nodes[i]));
  return ids;
}

TopicState state_of(const rd_kafka_TopicDescription_t* description) {
  TopicState state{.topic = rd_kafka_TopicDescription_name(description), .error = 0, .partitions = {}};
  if (const rd_kafka_error_t* error = rd_kafka_TopicDescription_error(description))
    state.error = rd_kafka_error_code(error);
  std::size_t count = 0;
  const auto* partitions = rd_kafka_TopicDescription_partitions(description, &count);
  for (std::size_t i = 0; i < count; ++i) {
    PartitionState& partition = state.partitions.emplace_back();
    partition.partition = rd_kafka_TopicPartitionInfo_partition(partitions[i]);
    if (const rd_kafka_Node_t* leader = rd_kafka_TopicPartitionInfo_leader(partitions[i]))
      partition.leader = rd_kafka_Node_id(leader);
    std::size_t nodes = 0;
    const auto* isr = rd_kafka_TopicPartitionInfo_isr(partitions[i], &nodes);
    partition.isr = ids_of(isr, nodes);
    const auto* replicas = rd_kafka_TopicPartitionInfo_replicas(partitions[i], &nodes);
    partition.replicas = ids_of(replicas, nodes);
  }
  return state;
}

}  // namespace

Result<void> Admin::create_topic(const std::string& topic, std::int32_t partitions, std::int32_t replicas,
                                 const std::map<std::string, std::string>& config, Nanos timeout) {
  const std::string doing = "create topic " + quoted(topic);
  char text[256];
  rd_kafka_NewTopic_t* fresh = rd_kafka_NewTopic_new(topic.c_str(), partitions, replicas, text, sizeof text);
  if (fresh == nullptr) return fail(ErrorKind::configuration, doing + ": " + text);
  for (const auto& [name, value] : config) rd_kafka_NewTopic_set_config(fresh, name.c_str(), value.c_str());
  AdminCall call(client_, RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout);
  rd_kafka_CreateTopics(client_.native(), &fresh, 1, call.options(), call.queue());
  rd_kafka_NewTopic_destroy(fresh);
  auto answer = call.wait(client_, doing);
  if (!answer) return answer.error();
  std::size_t count = 0;
  const auto* topics = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer->get()), &count);
  return outcome(topics, count, doing);
}

Result<void> Admin::delete_topic(const std::string& topic, Nanos timeout) {
  const std::string doing = "delete topic " + quoted(topic);
  rd_kafka_DeleteTopic_t* victim = rd_kafka_DeleteTopic_new(topic.c_str());
  AdminCall call(client_, RD_KAFKA_ADMIN_OP_DELETETOPICS, timeout);
  rd_kafka_DeleteTopics(client_.native(), &victim, 1, call.options(), call.queue());
  rd_kafka_DeleteTopic_destroy(victim);
  auto answer = call.wait(client_, doing);
  if (!answer) return answer.error();
  std::size_t count = 0;
  const auto* topics = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(answer->get()), &count);
  return outcome(topics, count, doing);
}

Result<std::map<std::string, std::string>> Admin::topic_config(const std::string& topic, Nanos timeout) {
  auto told = topic_configs({topic}, timeout);
  if (!told) return told.error();
  const std::string doing = "describe the configuration of topic " + quoted(topic);
  if (told->size() != 1) return fail(ErrorKind::infrastructure, doing + ": the answer names no topic");
  if (const int error = told->front().error; error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fail(error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ? ErrorKind::not_found : ErrorKind::infrastructure,
                doing + ": " + error_name(error));
  return std::move(told->front().values);
}

Result<std::vector<TopicState>> Admin::describe_topics(const std::vector<std::string>& topics, Nanos timeout,
                                                       std::int32_t broker) {
  std::vector<const char*> names;
  for (const std::string& topic : topics) names.push_back(topic.c_str());
  rd_kafka_TopicCollection_t* collection = rd_kafka_TopicCollection_of_topic_names(names.data(), names.size());
  AdminCall call(client_, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, timeout);
  if (broker >= 0) call.ask_broker(broker);
  rd_kafka_DescribeTopics(client_.native(), collection, call.options(), call.queue());
  rd_kafka_TopicCollection_destroy(collection);
  auto answer = call.wait(client_, "describe topics");
  if (!answer) return answer.error();
  std::size_t count = 0;
  const auto* told = rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(answer->get()), &count);
  std::vector<TopicState> states;
  for (std::size_t i = 0; i < count; ++i) states.push_back(state_of(told[i]));
  return states;
}

Result<ClusterState> Admin::describe_cluster(Nanos timeout, std::int32_t broker) {
  AdminCall call(client_, RD_KAFKA_ADMIN_OP_DESCRIBECLUSTER, timeout);
  if (broker >= 0) call.ask_broker(broker);
  rd_kafka_DescribeCluster(client_.native(), call.options(), call.queue());
  auto answer = call.wait(client_, "describe the cluster");
  if (!answer) return answer.error();
  const auto* told = rd_kafka_event_DescribeCluster_result(answer->get());
  ClusterState state;
  if (const char* id = rd_kafka_DescribeCluster_result_cluster_id(told)) state.cluster_id = id;
  std::size_t count = 0;
  const auto* nodes = rd_kafka_DescribeCluster_result_nodes(told, &count);
  for (std::size_t i = 0; i < count; ++i)
    state.brokers.push_back(
        {.id = rd_kafka_Node_id(nodes[i]), .host = rd_kafka_Node_host(nodes[i]), .port = rd_kafka_Node_port(nodes[i])});
  return state;
}

}  // namespace workloads::kafka
