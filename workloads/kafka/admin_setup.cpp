// What a cluster is told to be: configurations in effect, and all topics at once.
#include <algorithm>

#include "workloads/kafka/admin.h"
#include "workloads/kafka/admin_call.h"

namespace workloads::kafka {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kMillisecond;
using common::base::Nanos;
using common::base::Result;

namespace {

Result<std::vector<Admin::Config>> configs(Client& client, rd_kafka_ResourceType_t type,
                                           const std::vector<std::string>& names, const std::string& doing,
                                           Nanos timeout) {
  std::vector<rd_kafka_ConfigResource_t*> asked;
  for (const std::string& name : names) asked.push_back(rd_kafka_ConfigResource_new(type, name.c_str()));
  AdminCall call(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout);
  rd_kafka_DescribeConfigs(client.native(), asked.data(), asked.size(), call.options(), call.queue());
  rd_kafka_ConfigResource_destroy_array(asked.data(), asked.size());
  auto answer = call.wait(client, doing);
  if (!answer) return answer.error();
  std::size_t count = 0;
  const auto* resources =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(answer->get()), &count);
  std::vector<Admin::Config> told;
  for (std::size_t i = 0; i < count; ++i) {
    Admin::Config& config = told.emplace_back();
    config.name = rd_kafka_ConfigResource_name(resources[i]);
    config.error = rd_kafka_ConfigResource_error(resources[i]);
    std::size_t entries = 0;
    const auto* all = rd_kafka_ConfigResource_configs(resources[i], &entries);
    for (std::size_t j = 0; j < entries; ++j)
      if (const char* value = rd_kafka_ConfigEntry_value(all[j]))
        config.values[rd_kafka_ConfigEntry_name(all[j])] = value;
  }
  return told;
}

}  // namespace

Result<std::vector<Admin::Config>> Admin::topic_configs(const std::vector<std::string>& topics, Nanos timeout) {
  const std::string doing =
      "describe the configuration of " +
      (topics.size() == 1 ? "topic `" + topics.front() + "`" : std::to_string(topics.size()) + " topics");
  return configs(client_, RD_KAFKA_RESOURCE_TOPIC, topics, doing, timeout);
}

Result<Admin::Config> Admin::broker_config(std::int32_t broker, Nanos timeout) {
  const std::string doing = "describe the configuration of broker " + std::to_string(broker);
  auto told = configs(client_, RD_KAFKA_RESOURCE_BROKER, {std::to_string(broker)}, doing, timeout);
  if (!told) return told.error();
  if (told->size() != 1) return fail(ErrorKind::infrastructure, doing + ": the answer names no broker");
  if (told->front().error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fail(ErrorKind::infrastructure, doing + ": " + error_name(told->front().error));
  return std::move(told->front());
}

Result<std::vector<TopicState>> Admin::all_topics(Nanos timeout) {
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto error =
      rd_kafka_metadata(client_.native(), 1, nullptr, &metadata, static_cast<int>(timeout / kMillisecond));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fail(error == RD_KAFKA_RESP_ERR__TIMED_OUT ? ErrorKind::timeout : ErrorKind::infrastructure,
                "list the topics at " + client_.bootstrap() + ": " + error_name(error));
  std::vector<TopicState> topics;
  for (int t = 0; t < metadata->topic_cnt; ++t) {
    const rd_kafka_metadata_topic& told = metadata->topics[t];
    TopicState& topic = topics.emplace_back();
    topic.topic = told.topic;
    topic.error = told.err;
    for (int p = 0; p < told.partition_cnt; ++p) {
      const rd_kafka_metadata_partition& one = told.partitions[p];
      PartitionState& state = topic.partitions.emplace_back();
      state.partition = one.id;
      state.leader = one.leader;
      state.isr.assign(one.isrs, one.isrs + one.isr_cnt);
      state.replicas.assign(one.replicas, one.replicas + one.replica_cnt);
    }
  }
  rd_kafka_metadata_destroy(metadata);
  std::sort(topics.begin(), topics.end(), [](const auto& a, const auto& b) { return a.topic < b.topic; });
  return topics;
}

}  // namespace workloads::kafka
