#include "workloads/kafka/admin.h"
#include "workloads/kafka/admin_call.h"
#include "workloads/kafka/partition_list.h"

namespace workloads::kafka {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kMillisecond;
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
      call.options(),
      read_committed ? RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED : RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED);
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

Result<std::vector<PartitionOffset>> Admin::committed(const std::vector<TopicPartition>& partitions, Nanos timeout) {
  const PartitionList list = list_of(partitions);
  const int error = rd_kafka_committed(client_.native(), list.get(), static_cast<int>(timeout / kMillisecond));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fail(error == RD_KAFKA_RESP_ERR__TIMED_OUT ? ErrorKind::timeout : ErrorKind::infrastructure,
                std::string("committed offsets: ") + error_name(error));
  return offsets_of(list.get());
}

}  // namespace workloads::kafka
