// What encoder and decoder both remember of the records before, so that a record only says how it differs from what was
// to be expected: one state per stream (kind of event, actor, partition, peer), numbered in order of first use, for the
// life of the file. Both sides update it by the same code (event_fields.h). Not thread-safe; owned by an encoder or a
// decoder.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

#include "workloads/evidence/event.h"

namespace workloads::evidence {

struct StreamKey {
  std::uint8_t tag = 0;
  Id actor = kNoId;
  Partition where;
  Id peer = kNoId;  // Deliver: the producer, whose sequence is followed
  bool operator==(const StreamKey&) const = default;
};

struct Stream {
  StreamKey key;
  std::int64_t next_sequence = 0;
  std::int64_t next_offset = 0;
  std::int64_t transaction = kNoOffset;
  std::int32_t leader_epoch = kNoEpoch;
  Id text = kNoId;
};

class Streams {
 public:
  std::size_t size() const { return streams_.size(); }
  Stream& at(std::size_t index) { return streams_[index]; }
  Stream& add(const StreamKey& key) {
    index_.emplace(key, streams_.size());
    streams_.push_back(Stream{.key = key});
    return streams_.back();
  }
  // size() if there is none.
  std::size_t find(const StreamKey& key) const {
    const auto found = index_.find(key);
    return found == index_.end() ? streams_.size() : found->second;
  }

  std::int64_t last_at = 0;  // of any record: neighbours in the file are neighbours in time

 private:
  struct Hash {
    std::size_t operator()(const StreamKey& key) const {
      std::uint64_t x = key.actor;
      x = x * 0x9e3779b97f4a7c15ULL + key.where.topic;
      x = x * 0x9e3779b97f4a7c15ULL + static_cast<std::uint32_t>(key.where.partition);
      x = x * 0x9e3779b97f4a7c15ULL + key.peer;
      x = x * 0x9e3779b97f4a7c15ULL + key.tag;
      return x ^ (x >> 32);
    }
  };
  std::deque<Stream> streams_;
  std::unordered_map<StreamKey, std::size_t, Hash> index_;
};

}  // namespace workloads::evidence
