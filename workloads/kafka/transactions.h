// Transactions of a producer, each call with a deadline of its own. What cannot be done comes back as librdkafka's own
// triage; whether it happened all the same is for the caller to doubt. On the producer's thread; delivery reports may
// come within the calls.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "workloads/kafka/admin.h"
#include "workloads/kafka/consumer.h"
#include "workloads/kafka/producer.h"

namespace workloads::kafka {

struct Failure {
  int code = 0;
  std::string text;
  bool fatal = false;  // the producer is of no use any more: fenced by another one, for instance
  bool hung = false;   // the call never came back and still uses the producer: nobody may, not even to destroy it
};
using Outcome = std::optional<Failure>;  // nothing: it was done

// Takes the transactional id over: an earlier holder is fenced, and what it left open is ended.
Outcome init_transactions(Producer& producer, common::base::Nanos deadline, const std::stop_token& stop);
Outcome begin_transaction(Producer& producer);
// What the members of the consumer's group shall read next, once the transaction commits. librdkafka (2.15.1) waits
// without end for an answer that it drops when the coordinator's broker goes away; so the call has a thread of its own,
// which is left behind when it outlives the deadline by kGrace.
Outcome send_offsets(Producer& producer, Consumer& consumer, const std::vector<PartitionOffset>& next_offsets,
                     common::base::Nanos deadline);
Outcome commit_transaction(Producer& producer, common::base::Nanos deadline);
Outcome abort_transaction(Producer& producer, common::base::Nanos deadline);

// Sends what lingers and takes reports until all are in, or until the deadline.
void flush(Producer& producer, common::base::Nanos deadline);

}  // namespace workloads::kafka
