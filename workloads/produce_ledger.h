// What one producer incarnation knows of its numbers: which are reserved, sent, and what became of them. Neighbours
// that are alike become one event, cut at kRunSpan. Nothing of librdkafka in here. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "workloads/evidence/event.h"
#include "workloads/evidence/segment_writer.h"

namespace workloads {

class ProduceLedger {
 public:
  ProduceLedger(evidence::SegmentWriter& evidence, evidence::Id producer, evidence::Id topic, std::int64_t partitions);

  std::int64_t next(std::int32_t partition) const { return streams_[partition].next; }
  // Makes sure that [next, next + count) is reserved on disk. On an Error none of these numbers may be used.
  common::base::Result<void> reserve(std::int32_t partition, std::int64_t count, common::base::Nanos now);

  // The next number of the partition was accepted, or refused, by produce().
  void sent(std::int32_t partition, common::base::Nanos at, evidence::Id key = evidence::kNoId,
            std::int64_t transaction = evidence::kNoOffset);
  void refused(std::int32_t partition, evidence::Id reason, common::base::Nanos at);
  // Outcomes of accepted ones.
  void acked(std::int32_t partition, std::int64_t sequence, std::int64_t offset, common::base::Nanos at);
  void unknown(std::int32_t partition, std::int64_t sequence, evidence::Id reason, common::base::Nanos at);

  void write_open_runs();              // so that flushed evidence tells everything that is known
  void close(common::base::Nanos at);  // and nothing more comes

  std::int64_t accepted() const { return accepted_; }
  std::int64_t reported() const { return acked_ + unknown_; }
  std::int64_t acked_count() const { return acked_; }
  std::int64_t unknown_count() const { return unknown_; }
  std::int64_t refused_count() const { return refused_; }
  std::int64_t acked_to(std::int32_t partition) const { return streams_[partition].acked_to; }  // 0: none yet

 private:
  struct Stream {
    std::int64_t next = 0;
    std::int64_t reserved = 0;
    std::int64_t block = 1024;  // size of the next reservation
    common::base::Nanos reserved_at = 0;
    std::int64_t acked_to = 0;
    evidence::Send send{.count = 0};
    evidence::Ack ack{.count = 0};
    common::base::Nanos ack_first = 0;
    evidence::Unknown unknown{.count = 0};
    evidence::Refuse refuse{.count = 0};
  };
  evidence::Partition place(std::int32_t partition) const { return {topic_, partition}; }
  void write_send(Stream& stream);
  void write_ack(Stream& stream);
  void write_unknown(Stream& stream);
  void write_refuse(Stream& stream);

  evidence::SegmentWriter& evidence_;
  evidence::Id producer_;
  evidence::Id topic_;
  std::vector<Stream> streams_;
  std::int64_t accepted_ = 0;
  std::int64_t acked_ = 0;
  std::int64_t unknown_ = 0;
  std::int64_t refused_ = 0;
};

}  // namespace workloads
