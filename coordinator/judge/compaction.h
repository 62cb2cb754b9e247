// What a compacted topic excuses: a record is replaced if another record of its key and partition, acked or delivered,
// is known at a higher offset, or, while one of the two offsets is not known, has a higher sequence of the same
// producer whose order is promised. It may be replaced if a record of its key that is acked, unknown or delivered may
// stand higher because one of the two offsets is not known. (docs/history.md, section 3, Excused.)
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "coordinator/judge/view.h"

namespace coordinator::judge {

enum class Replaced : std::uint8_t { no, perhaps, yes };

class Compaction {
 public:
  explicit Compaction(const View& view);  // empty, and every answer `no`, unless the topic is compacted

  bool applies() const { return applies_; }
  // offset: where the record stands or stood; kNoOffset: not known.
  Replaced fate(std::int32_t source, const Piece& piece, std::int64_t sequence, std::int64_t offset) const;
  // f(begin, end, fate) for the stretches of equal fate in [from, to), the first of which stands at `offset`.
  template <typename F>
  void each_fate(std::int32_t source, const Piece& piece, std::int64_t from, std::int64_t to, std::int64_t offset,
                 F f) const {
    while (from < to) {
      const std::int64_t alike = std::min(to - from, reach(source, piece, from, offset));
      f(from, from + alike, fate(source, piece, from, offset));
      from += alike;
      if (offset != kNoOffset) offset += alike;
    }
  }

 private:
  using MessageId = std::pair<std::int32_t, std::int64_t>;  // source, sequence
  struct PerSource {
    std::int64_t certain = -1;            // the highest sequence that is acked or delivered
    std::int64_t any = -1;                // .. or unknown
    std::int64_t lowest = INT64_MAX;      // of any
    std::int64_t unlocated_certain = -1;  // the highest without a known offset
    std::int64_t unlocated_any = -1;
    std::int64_t unlocated_lowest = INT64_MAX;
  };
  struct KeyFacts {
    std::int64_t top = kNoOffset, second = kNoOffset;  // the highest known offsets of two different ids
    MessageId top_id{-1, -1};
    std::map<std::int32_t, PerSource> sources;
  };
  void add(std::int32_t source, const Source& facts, const Atom& atom);
  const KeyFacts* key_of(std::int32_t source, const Piece& piece) const;  // null: nothing bears on it
  // How many records from this one on surely have its fate; at least 1.
  std::int64_t reach(std::int32_t source, const Piece& piece, std::int64_t sequence, std::int64_t offset) const;
  void locate(KeyFacts& key, MessageId id, std::int64_t offset) const;

  const View& view_;
  bool applies_ = false;
  std::unordered_map<Id, KeyFacts> keys_;
};

}  // namespace coordinator::judge
