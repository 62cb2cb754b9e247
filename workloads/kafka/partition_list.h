// librdkafka's list of partitions and ours. Only for the files of this folder that include rdkafka.h.
#pragma once

#include <memory>
#include <vector>

#include <librdkafka/rdkafka.h>

#include "workloads/kafka/admin.h"

namespace workloads::kafka {

struct DestroyList {
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
};
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, DestroyList>;

inline PartitionOffset offset_of(const rd_kafka_topic_partition_t& told) {
  return {.where = {told.topic, told.partition},
          .offset = told.offset < 0 ? -1 : told.offset,
          .leader_epoch = rd_kafka_topic_partition_get_leader_epoch(&told),
          .error = told.err};
}

inline std::vector<PartitionOffset> offsets_of(const rd_kafka_topic_partition_list_t* told) {
  std::vector<PartitionOffset> offsets;
  for (int i = 0; told != nullptr && i < told->cnt; ++i) offsets.push_back(offset_of(told->elems[i]));
  return offsets;
}

inline PartitionList list_of(const std::vector<TopicPartition>& partitions) {
  PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const TopicPartition& where : partitions)
    rd_kafka_topic_partition_list_add(list.get(), where.topic.c_str(), where.partition);
  return list;
}

inline PartitionList list_of(const std::vector<PartitionOffset>& offsets) {
  PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
  for (const PartitionOffset& from : offsets) {
    auto* element = rd_kafka_topic_partition_list_add(list.get(), from.where.topic.c_str(), from.where.partition);
    element->offset = from.offset < 0 ? RD_KAFKA_OFFSET_INVALID : from.offset;
    if (from.leader_epoch >= 0) rd_kafka_topic_partition_set_leader_epoch(element, from.leader_epoch);
  }
  return list;
}

}  // namespace workloads::kafka
