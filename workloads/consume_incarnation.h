// One life of a consumer instance: what it was assigned and handed, and what it committed. Built, used and ended on the
// thread of its workload; warning() comes from librdkafka's.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "common/protocol/workload_specs.h"
#include "workloads/end_to_end.h"
#include "workloads/kafka/consumer.h"
#include "workloads/read_ledger.h"
#include "workloads/workload.h"

namespace workloads {

// Who processes what a consumer is handed, within transactions. On the consumer's thread, within its poll().
class Processor {
 public:
  virtual ~Processor() = default;
  // Before a record counts as delivered. False: it is not taken, and has to be read again.
  virtual bool take(const kafka::Record& record) = 0;
  // Before partitions are given up: they are ours still, unless `lost`.
  virtual void give_up(bool lost) = 0;
};

class ConsumeIncarnation final : public kafka::ConsumerListener {
 public:
  // Starts a consumer instance, declares it, and subscribes or assigns. Error: configuration, or no broker answers.
  static common::base::Result<std::unique_ptr<ConsumeIncarnation>> start(const common::protocol::ConsumeSpec& spec,
                                                                         const WorkloadContext& context,
                                                                         const std::stop_token& stop,
                                                                         Processor* processor = nullptr);

  kafka::Consumer& consumer() { return *consumer_; }
  const ReadLedger& ledger() const { return *ledger_; }
  ReadLedger& ledger() { return *ledger_; }
  const EndToEnd& end_to_end() const { return *end_to_end_; }
  const std::string& name() const { return name_; }
  std::int64_t committed_count() const { return commits_confirmed_; }
  bool assigned_once() const { return assigned_once_; }
  bool unusable() const { return fatal_; }

  std::size_t poll(std::size_t most = kafka::Consumer::kBatch);  // number of records handled
  void commit(
      common::base::Nanos now);  // what was processed since the last one; waits for the answer if commits are sync
  void tick(common::base::Nanos now);
  void end();   // commits, leaves, closes the books
  void kill();  // closes the books; its group has to miss it

  void record(const kafka::Record& record) override;
  void assigned(const std::vector<kafka::PartitionOffset>& partitions) override;
  void revoking(const std::vector<kafka::TopicPartition>& partitions, bool lost) override;
  void committed(const std::vector<kafka::PartitionOffset>& offsets) override;
  void end_of_partition(std::int32_t partition, std::int64_t offset) override;
  void partition_problem(std::int32_t partition, int code, std::string_view text) override;
  void problem(int code, std::string_view text, bool fatal) override;
  void warning(std::string_view facility, std::string_view text) override;

 private:
  ConsumeIncarnation(const common::protocol::ConsumeSpec& spec, const WorkloadContext& context, Processor* processor);
  void declare(const kafka::Conf& conf);
  common::base::Result<void> begin(const std::stop_token& stop);
  common::base::Result<void> assign_by_hand();
  bool commits_itself() const { return spec_.commit == "sync" || spec_.commit == "async"; }
  std::vector<kafka::PartitionOffset> ask(const std::vector<std::int32_t>& partitions, common::base::Nanos now);
  void doubt_own_commits();
  void take_resets();
  void note(evidence::Id code, std::string_view text, std::int32_t partition);
  common::base::Nanos coarse_now();

  const common::protocol::ConsumeSpec& spec_;
  const WorkloadContext& context_;
  Processor* const processor_;
  const std::string name_;
  std::unique_ptr<ReadLedger> ledger_;
  std::unique_ptr<EndToEnd> end_to_end_;
  bool assigned_once_ = false;
  bool fatal_ = false;
  std::int64_t commits_confirmed_ = 0;
  int calls_ = 0;  // of coarse_now()
  common::base::Nanos now_ = 0;

  std::atomic<bool> resets_told_{false};
  std::mutex mutex_;                 // guards resets_
  std::vector<std::string> resets_;  // texts of librdkafka's warnings, at most kMostResets

  std::unique_ptr<kafka::Consumer> consumer_;  // last: destroyed first, while its listener still stands
};

}  // namespace workloads
