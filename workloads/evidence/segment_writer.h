// Writes a task's evidence file: a header, then framed segments (wire_format.h), little-endian. Append-only; what
// flush() wrote survives a kill -9 of this process, and a torn last frame is recognised by its checksum. Owned by one
// task; every call under that task's lock or from its one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace workloads::evidence {

class SegmentWriter {
 public:
  // The file must not exist: an incarnation never appends to another one's evidence.
  static common::base::Result<std::unique_ptr<SegmentWriter>> create(const std::string& path);
  // Goes on with the file of a process that died (a fault's journal: its revert belongs to its inject): a torn tail is
  // cut off, names() are those of the file. Nobody else may write it.
  static common::base::Result<std::unique_ptr<SegmentWriter>> append(const std::string& path);
  // Encodes and throws away: what evidence costs is measured against this one.
  static std::unique_ptr<SegmentWriter> to_nowhere();
  virtual ~SegmentWriter() = default;

  virtual Names& names() = 0;                // ids of added events are of these names
  virtual void add(const Event& event) = 0;  // encodes into the open segment; no I/O
  // Frames and writes the open segment; nothing to do if it is empty. After an error (a full disk) the file is whole,
  // the open segment is kept and a later flush writes it; when more than 8 MiB wait, events are refused from then on,
  // and every flush() and close() says so: the evidence is incomplete.
  virtual common::base::Result<void> flush() = 0;
  virtual common::base::Result<void> close() = 0;  // flush, fsync, close; after an error it may be called again
  virtual std::size_t open_bytes() const = 0;      // of the open segment; flush when it exceeds 64 KiB
  virtual std::int64_t written_bytes() const = 0;  // of the file, whole frames only; any thread, at any time
};

}  // namespace workloads::evidence
