// One life of a producer instance: its numbers, its messages, the reports on them. It sends turns: some messages to one
// partition (without keys), because neighbours in one call make big batches and tiny evidence. Built, used and ended on
// the thread of its workload.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/protocol/workload_specs.h"
#include "workloads/evidence/message.h"
#include "workloads/kafka/producer.h"
#include "workloads/latency_seconds.h"
#include "workloads/pace.h"
#include "workloads/payload.h"
#include "workloads/produce_ledger.h"
#include "workloads/workload.h"

namespace workloads {

// Where a record was read that another one is made from.
struct InputPlace {
  evidence::Partition where{};
  std::int64_t offset = 0;
};

struct Transactional {
  std::string id;  // empty: it is not
  std::int64_t timeout_ms = 0;
};

class ProduceIncarnation final : public kafka::ProducerListener {
 public:
  // Starts a producer instance and declares it in the evidence. Error: the configuration is wrong.
  static common::base::Result<std::unique_ptr<ProduceIncarnation>> start(const common::protocol::ProduceSpec& spec,
                                                                         const WorkloadContext& context,
                                                                         Payload& payload, bool record_keys,
                                                                         const Transactional& transactional = {});
  // The topic must be there and have the partitions that the numbers are meant for.
  common::base::Result<void> check_topic(const std::stop_token& stop);

  kafka::Producer& producer() { return *producer_; }
  const ProduceLedger& ledger() const { return *ledger_; }
  const LatencySeconds& ack_latency() const { return *ack_latency_; }
  const std::string& name() const { return name_; }
  bool records_keys() const { return record_keys_; }
  bool unusable() const { return fatal_; }
  std::int64_t in_flight() const { return ledger_->accepted() - ledger_->reported(); }

  // Sends messages number `from` .. `from + count - 1` of the pace, fewer if bounds are met; how many of them are
  // settled (accepted or refused). Error: the evidence cannot be written, nothing was sent.
  common::base::Result<std::int64_t> turn(const Pace& pace, std::int64_t from, std::int64_t count);
  // Sends a record for each one that was read, to the partition of its number, as far as there are as many. How many
  // were not accepted.
  common::base::Result<std::int64_t> relay(const std::vector<InputPlace>& inputs);
  // What is sent from here on belongs to that transaction; kNoOffset: to none.
  void within(std::int64_t transaction) { transaction_ = transaction; }
  void poll();                         // takes the delivery reports that are there
  void tick(common::base::Nanos now);  // writes open runs and latencies down

  // Waits for outstanding reports until `deadline`, gives up the rest, and closes the books.
  void end(common::base::Nanos deadline);

  void delivered(const kafka::DeliveryReport& report) override;
  void problem(int code, std::string_view text, bool fatal) override;
  void statistics(std::string_view json) override;

 private:
  ProduceIncarnation(const common::protocol::ProduceSpec& spec, const WorkloadContext& context, Payload& payload,
                     bool record_keys);
  common::base::Result<kafka::Conf> conf_of(const Transactional& transactional) const;
  void declare(const kafka::Conf& conf);
  std::int64_t room() const;
  void compose(const Pace& pace, std::int64_t from, std::int64_t count);
  void compose_one(std::size_t slot, evidence::Identity& identity, std::string_view key);
  std::int64_t settle();
  common::base::Result<void> reserve(std::int64_t count);
  evidence::Id reason_of(const kafka::DeliveryReport& report);
  common::base::Nanos batch_now();
  void begin_batch();  // the clock costs as much as the rest of a message: asked every 16th time

  const common::protocol::ProduceSpec& spec_;
  const WorkloadContext& context_;
  Payload& payload_;
  bool record_keys_;
  std::uint64_t id_;
  std::string name_;
  std::uint64_t run_hash_;
  std::uint32_t topic_hash_;
  std::int64_t transaction_ = evidence::kNoOffset;
  bool acks_all_ = true;
  std::int64_t most_messages_ = 0;  // in flight
  std::int64_t most_bytes_ = 0;
  std::int64_t turn_limit_;
  std::int64_t bytes_in_flight_ = 0;
  bool fatal_ = false;
  std::int64_t retries_ = 0;

  std::unique_ptr<ProduceLedger> ledger_;
  std::unique_ptr<LatencySeconds> ack_latency_;
  std::unique_ptr<LatencySeconds> service_latency_;
  std::unordered_map<int, evidence::Id> reasons_;  // by code and status

  kafka::Batch batch_;
  std::vector<char> values_;         // of one turn, one slot of the largest size each
  std::vector<std::string> keys_;    // of one turn
  std::vector<std::size_t> sizes_;   // of one turn
  std::vector<std::int64_t> drawn_;  // of one turn: numbers used so far, by partition
  std::int32_t next_partition_ = 0;
  bool in_batch_ = false;
  int calls_ = 0;  // of batch_now() within a batch
  common::base::Nanos now_ = 0;
  common::base::Nanos turn_at_ = 0;  // when the turn's first message was composed

  std::unique_ptr<kafka::Producer> producer_;  // last: destroyed first, while its listener still stands
};

}  // namespace workloads
