// Reads evidence files back, exactly: every event in the order it was added. A torn tail (kill -9) is not an error but
// a fact of the file; a damaged frame in the middle is an error that names the byte. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace workloads::evidence {

struct FileFacts {
  std::int64_t intact_bytes = 0;  // up to the end of the last intact frame
  std::int64_t segments = 0;
  bool torn_tail = false;  // bytes beyond that which are no whole frame
  bool closed = false;     // the file's last actor wrote Close (or it ends with End)
};

using EventSink = std::function<void(const Event&)>;

// Streams all events of `path` to `sink`, ids translated to `names`. Reservations are resolved here: Reserve is passed
// on as it is, and at the end of a file every reserved number of an actor without Close that has no Send and no Refuse
// is passed on as a Send without time (it may have been sent; if it was acked, it surely was). Memory is bounded by the
// number of (producer, partition) pairs and of open stretches. After an error, what was passed on before it stands.
common::base::Result<FileFacts> read_segments(const std::string& path, Names& names, const EventSink& sink);

// Incremental: feed bytes as they arrive (pages of a growing file), get events of whole frames.
class SegmentDecoder {
 public:
  SegmentDecoder(Names& names, EventSink sink);
  ~SegmentDecoder();
  SegmentDecoder(const SegmentDecoder&) = delete;
  SegmentDecoder& operator=(const SegmentDecoder&) = delete;
  common::base::Result<void> feed(const char* bytes, std::size_t count);  // after an error it stays in error
  // Nothing more comes: emits what reservations leave open. An error if what looks like a torn tail is damage (a whole
  // frame stands in it), or if a feed failed.
  common::base::Result<FileFacts> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace workloads::evidence
