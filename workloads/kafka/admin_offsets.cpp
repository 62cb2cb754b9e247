#include "workloads/kafka/admin.h"
#include "workloads/kafka/admin_call.h"
#include "workloads/kafka/partition_list.h"

namespace workloads::kafka {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Nanos;
using common::base::Result;

Result<std::vector<PartitionOffset>> Admin::list_offsets(const std::vector<TopicPartition>& partitions,
                                                         OffsetPoint point, bool read_committed, Nanos timeout) {
  const PartitionList list = list_of(partitions);
  for (int i = 0; i < list->cnt; ++i)
    list->elems[i].offset =
        point == OffsetPoint::log_start ? RD_KAFKA_OFFSET_SPEC_EARLIEST : RD_KAFKA_OFFSET_SPEC_LATEST;
  AdminCall call(client_, RD_KAFKA_ADMIN_OP_LISTOFFSETS, timeout);
  rd_kafka_error_t* refused = rd_kafka_AdminOptions_set_isolation_level(
      call.options(), read_committed ? RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED : RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED);
  if (refused != nullptr) rd_kafka_error_destroy(refused);
  rd_kafka_ListOffsets(client_.native(), list.get(), call.options(), call.queue());
  auto answer = call.wait(client_, "list offsets");
  if (!answer) return answer.error();
  std::size_t count = 0;
  const auto* told = rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(answer->get()), &count);
  std::vector<PartitionOffset> offsets;
  for (std::size_t i = 0; i < count; ++i)
    offsets.push_back(offset_of(*rd_kafka_ListOffsetsResultInfo_topic_partition(told[i])));
  return offsets;
}

Result<std::vector<PartitionOffset>> Admin::committed(const std::string& group,
                                                      const std::vector<TopicPartition>& partitions, Nanos timeout) {
  const PartitionList list = list_of(partitions);
  rd_kafka_ListConsumerGroupOffsets_t* request = rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), list.get());
  AdminCall call(client_, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, timeout);
  rd_kafka_ListConsumerGroupOffsets(client_.native(), &request, 1, call.options(), call.queue());
  rd_kafka_ListConsumerGroupOffsets_destroy(request);
  const std::string doing = "committed offsets of group `" + group + "`";
  auto answer = call.wait(client_, doing);
  if (!answer) return answer.error();
  std::size_t count = 0;
  const auto* groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
      rd_kafka_event_ListConsumerGroupOffsets_result(answer->get()), &count);
  if (count != 1) return fail(ErrorKind::infrastructure, doing + ": the answer names no group");
  if (const rd_kafka_error_t* error = rd_kafka_group_result_error(groups[0]))
    return fail(ErrorKind::infrastructure, doing + ": " + rd_kafka_error_name(error));
  return offsets_of(rd_kafka_group_result_partitions(groups[0]));
}

Result<GroupState> Admin::describe_group(const std::string& group, Nanos timeout) {
  const char* name = group.c_str();
  AdminCall call(client_, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, timeout);
  rd_kafka_DescribeConsumerGroups(client_.native(), &name, 1, call.options(), call.queue());
  const std::string doing = "describe group `" + group + "`";
  auto answer = call.wait(client_, doing);
  if (!answer) return answer.error();
  std::size_t count = 0;
  const auto* groups = rd_kafka_DescribeConsumerGroups_result_groups(
      rd_kafka_event_DescribeConsumerGroups_result(answer->get()), &count);
  if (count != 1) return fail(ErrorKind::infrastructure, doing + ": the answer names no group");
  if (const rd_kafka_error_t* error = rd_kafka_ConsumerGroupDescription_error(groups[0]))
    return fail(ErrorKind::infrastructure, doing + ": " + rd_kafka_error_name(error));
  GroupState state{.coordinator = -1,
                   .state = rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(groups[0])),
                   .members = static_cast<std::int64_t>(rd_kafka_ConsumerGroupDescription_member_count(groups[0]))};
  if (const rd_kafka_Node_t* node = rd_kafka_ConsumerGroupDescription_coordinator(groups[0]))
    state.coordinator = rd_kafka_Node_id(node);
  return state;
}

}  // namespace workloads::kafka
