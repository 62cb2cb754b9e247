// One life of a transactional producer and, for a processor, of the consumer that feeds it. What may still be decided
// behind its back (an EndTxn without an answer, records on their way when it was aborted) makes it unusable: only a new
// incarnation, which fences it, is sure of what comes after (librdkafka #5423, KAFKA-17754). Built, used and ended on
// the thread of its workload.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "common/protocol/workload_specs.h"
#include "workloads/consume_incarnation.h"
#include "workloads/kafka/transactions.h"
#include "workloads/produce_incarnation.h"
#include "workloads/transact_plan.h"

namespace workloads {

class TransactIncarnation final : private Processor {
 public:
  struct Ended {  // transactions
    std::int64_t committed = 0, aborted = 0, unknown = 0;
  };

  // Takes the transactional id over, then subscribes. Error: configuration, or no broker answers in time.
  static common::base::Result<std::unique_ptr<TransactIncarnation>> start(const common::protocol::TransactSpec& spec,
                                                                          const WorkloadContext& context,
                                                                          Payload& payload, TransactPlan& plan,
                                                                          const std::stop_token& stop);

  // As a producer: sends messages `from` .. `from + count - 1` of the pace; how many are settled.
  common::base::Result<std::int64_t> turn(const Pace& pace, std::int64_t from, std::int64_t count);
  // As a processor: reads and sends what is there; how many records.
  common::base::Result<std::int64_t> process();
  common::base::Result<void> end_due(common::base::Nanos now);  // ends a transaction that is full or old enough
  common::base::Nanos due_at() const;  // of the open transaction; the end of time if there is none

  void poll();  // delivery reports
  void tick(common::base::Nanos now);
  void end();   // ends the transaction, leaves the group, closes the books
  void kill();  // leaves everything as it stands; what has no report is unknown

  ~TransactIncarnation() override;
  bool unusable() const;
  bool open() const { return open_; }
  const Ended& ended() const { return ended_; }
  const ProduceIncarnation& producing() const { return *producer_; }
  const ConsumeIncarnation* consuming() const { return consumer_.get(); }
  // Where reading would go on if the open transaction did not end well.
  std::map<std::int32_t, std::int64_t> settled_positions() const;
  kafka::Wakeup& wakeup();  // signalled when either client has something to poll

 private:
  TransactIncarnation(const common::protocol::TransactSpec& spec, const WorkloadContext& context, TransactPlan& plan)
      : spec_(spec), context_(context), plan_(plan) {}
  bool take(const kafka::Record& record) override;
  void give_up(bool lost) override;

  bool begin();
  common::base::Result<void> relay();
  common::base::Result<void> finish(bool abort);
  bool send_offsets(common::base::Nanos deadline);
  common::base::Result<void> give_up_on_hung();
  common::base::Result<void> commit(common::base::Nanos deadline);
  common::base::Result<void> abort(common::base::Nanos deadline);
  common::base::Result<void> note(evidence::TransactionState state);
  void note(const kafka::Failure& failure);
  void answer_offsets(evidence::CommitState state);
  void close_transaction();
  void come_back();

  const common::protocol::TransactSpec& spec_;
  const WorkloadContext& context_;
  TransactPlan& plan_;
  evidence::Id name_ = evidence::kNoId;   // the producer's
  evidence::Id input_ = evidence::kNoId;  // topic
  bool broken_ = false;
  bool hung_ = false;                   // a call that never came back uses the producer: it outlives us
  common::base::Result<void> written_;  // whether evidence could be, within callbacks

  bool open_ = false;
  std::int64_t number_ = -1;  // of the last transaction begun
  std::int64_t messages_ = 0;
  bool incomplete_ = false;  // it lacks outputs of its inputs
  std::int64_t unknown_before_ = 0, refused_before_ = 0;
  common::base::Nanos begun_at_ = 0;
  std::vector<InputPlace> inputs_;               // taken, not sent yet
  std::map<std::int32_t, std::int64_t> first_;   // of the transaction's inputs, by partition
  std::map<std::int32_t, std::int64_t> owed_;    // to be come back to, by partition
  std::vector<kafka::PartitionOffset> offsets_;  // asked to be committed within the transaction
  Ended ended_;

  std::unique_ptr<ProduceIncarnation> producer_;
  std::unique_ptr<ConsumeIncarnation> consumer_;
};

}  // namespace workloads
