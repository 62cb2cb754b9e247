// Consuming one topic, by group or with partitions assigned by hand; batches, own rebalance handling, commits whose
// answers are waited for with a deadline. One thread calls everything; all callbacks come on it, within poll(), commit
// waits and close() (but warning(), see client.h).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "workloads/kafka/admin.h"
#include "workloads/kafka/client.h"
#include "workloads/kafka/wakeup.h"

struct rd_kafka_message_s;
struct rd_kafka_queue_s;
struct rd_kafka_topic_partition_list_s;

namespace workloads::kafka {

struct Record {
  std::int32_t partition;
  std::int64_t offset;
  std::int32_t leader_epoch;  // -1: not told
  std::string_view key;
  std::string_view value;  // both valid within the callback
};

class ConsumerListener : public ClientListener {
 public:
  virtual void record(const Record& record) = 0;
  // The partitions are ours from here on; offset: where reading starts, -1: not told.
  virtual void assigned(const std::vector<PartitionOffset>& partitions) = 0;
  // They are ours still while this runs (commit now), unless `lost`.
  virtual void revoking(const std::vector<TopicPartition>& partitions, bool lost) = 0;
  // Answer to a commit, of ours or of librdkafka's own; per partition its error.
  virtual void committed(const std::vector<PartitionOffset>& offsets) = 0;
  // Nothing was read beyond `offset`, the next one (only with enable.partition.eof).
  virtual void end_of_partition(std::int32_t partition, std::int64_t offset) {
    (void)partition;
    (void)offset;
  }
  // An error in the place of a record. partition -1: of none.
  virtual void partition_problem(std::int32_t partition, int code, std::string_view text) = 0;
};

class Consumer {
 public:
  static common::base::Result<std::unique_ptr<Consumer>> create(Conf conf, const std::string& topic,
                                                                ConsumerListener& listener);
  ~Consumer();  // after close()
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  Client& client() { return *client_; }
  Wakeup& wakeup() { return wakeup_; }  // signalled when there is something to poll
  void signal(Wakeup& other);           // from now on instead of its own; `other` outlives this

  common::base::Result<void> subscribe();
  common::base::Result<void> assign(const std::vector<PartitionOffset>& starts);  // calls assigned() itself

  // Hands over what is there, at most `most`; number of records and errors. While the library knows that the assignment
  // is lost, but has not told it yet, nothing is handed over: somebody else may own it already.
  std::size_t poll(std::size_t most = kBatch);
  static constexpr std::size_t kBatch = 1000;

  // Reading goes on there; what was fetched before is dropped. Error: some partition did not answer until the deadline.
  common::base::Result<void> seek(const std::vector<PartitionOffset>& to, common::base::Nanos deadline);

  // Asks; the answer comes through committed() within take_commits(), which waits until all are in or the deadline
  // passes. What is not answered then is answered as _TIMED_OUT.
  void commit(const std::vector<PartitionOffset>& next_offsets);
  void take_commits(common::base::Nanos deadline);
  std::size_t commits_outstanding() const { return outstanding_.size(); }
  void poll_commits();  // answers that are there; never waits

  void close(common::base::Nanos deadline);  // revokes, leaves the group

 private:
  explicit Consumer(ConsumerListener& listener) : listener_(listener) {}
  static void on_rebalance(rd_kafka_s* handle, int code, rd_kafka_topic_partition_list_s* partitions, void* opaque);
  static void on_commit(rd_kafka_s* handle, int code, rd_kafka_topic_partition_list_s* offsets, void* opaque);
  void rebalance(int code, rd_kafka_topic_partition_list_s* partitions);
  void fill_committed(rd_kafka_topic_partition_list_s* partitions);
  void hand_over(const rd_kafka_message_s& message);
  void take_answer(int timeout_ms);

  ConsumerListener& listener_;
  std::string topic_;
  std::unique_ptr<Client> client_;
  Wakeup wakeup_;
  rd_kafka_queue_s* queue_ = nullptr;
  rd_kafka_queue_s* commit_queue_ = nullptr;
  std::vector<rd_kafka_message_s*> batch_;
  std::map<std::intptr_t, std::vector<PartitionOffset>> outstanding_;  // commits without an answer
  std::intptr_t commits_ = 0;
  bool closing_ = false;
};

}  // namespace workloads::kafka
