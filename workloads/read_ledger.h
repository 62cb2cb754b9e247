// What one consumer incarnation was handed, of one topic: deliveries as runs, ownership, seeks, commits. Used by every
// workload that reads. Nothing of librdkafka in here. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "common/base/clock.h"
#include "workloads/evidence/message.h"
#include "workloads/evidence/segment_writer.h"

namespace workloads {

// A record as it was read, and what its identity says.
struct ReadRecord {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::int32_t leader_epoch = evidence::kNoEpoch;
  evidence::ReadOutcome outcome = evidence::ReadOutcome::foreign;
  evidence::Identity identity{};
};

class ReadLedger {
 public:
  ReadLedger(evidence::SegmentWriter& evidence, evidence::Id consumer, const std::string& run,
             const std::string& topic);

  void assigned(std::int32_t partition, std::int64_t position, common::base::Nanos at);
  void revoked(std::int32_t partition, bool lost, common::base::Nanos at);
  bool owns(std::int32_t partition) const { return streams_.count(partition) > 0; }

  // The next delivery of the partition may stand anywhere: librdkafka has reset its position.
  void reset(std::int32_t partition);
  // From here on what is delivered is processed within that transaction; kNoId: within none.
  void within(evidence::Id producer, std::int64_t transaction);
  // Moved on purpose: the next delivery is expected there.
  void sought(std::int32_t partition, std::int64_t offset, common::base::Nanos at);
  // Everything below `offset` was passed: what is no delivery (markers of transactions, aborted records) too. After a
  // reset it was jumped to.
  void passed(std::int32_t partition, std::int64_t offset, common::base::Nanos at);
  // Gives the producer's name; kNoId: not one of this run.
  evidence::Id delivered(const ReadRecord& record, common::base::Nanos at);
  void committed(std::int32_t partition, std::int64_t offset, evidence::CommitState state, common::base::Nanos at);
  void audited(std::int32_t partition, std::int64_t start, std::int64_t end);

  void write_open_runs();
  void close(common::base::Nanos at);

  struct Stream {                                    // of an owned partition
    std::int64_t next = evidence::kNoOffset;         // to be delivered, if known
    std::int32_t leader_epoch = evidence::kNoEpoch;  // of the last delivery
    std::int64_t commit_asked = evidence::kNoOffset;
    bool moved = false;  // reset, and not yet delivered anything since
    evidence::Deliver run;
    common::base::Nanos run_first = 0;
    bool run_open = false;
  };
  std::map<std::int32_t, Stream>& streams() { return streams_; }
  const std::map<std::int32_t, Stream>& streams() const { return streams_; }

  std::int64_t delivered_count() const { return delivered_; }
  std::int64_t foreign_count() const { return foreign_; }
  std::int64_t corrupt_count() const { return corrupt_; }

 private:
  evidence::Partition place(std::int32_t partition) const { return {topic_, partition}; }
  evidence::Deliver event_of(const ReadRecord& record);
  evidence::Id name_of(std::uint64_t producer);
  evidence::Id topic_of(std::uint32_t hash);
  void write_run(Stream& stream);

  evidence::SegmentWriter& evidence_;
  evidence::Id consumer_;
  evidence::Id topic_;
  std::uint64_t run_hash_;
  std::uint32_t topic_hash_;
  evidence::Id within_producer_ = evidence::kNoId;
  std::int64_t within_transaction_ = evidence::kNoOffset;
  std::map<std::int32_t, Stream> streams_;
  std::unordered_map<std::uint64_t, evidence::Id> producers_;
  std::int64_t delivered_ = 0;
  std::int64_t foreign_ = 0;
  std::int64_t corrupt_ = 0;
};

}  // namespace workloads
