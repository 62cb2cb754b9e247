// Cuts the bytes of an evidence file into the payloads of its whole frames, and tells a torn tail (the writer was
// killed) from damage. Fed in any portions. Not thread-safe; owned by a decoder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace workloads::evidence {

class FrameReader {
 public:
  void feed(const char* bytes, std::size_t count) {
    buffer_.erase(0, position_);  // holds less than a frame before it grows
    position_ = 0;
    buffer_.append(bytes, count);
  }

  // Moves on to the next whole frame: true and its payload (valid until the next feed), or false: more bytes are
  // needed.
  common::base::Result<bool> next(std::string_view& payload);

  std::int64_t intact_bytes() const { return intact_; }          // up to the end of the frame handed out last
  std::int64_t payload_start() const { return payload_start_; }  // of the payload handed out last, in the file
  bool has_tail() const { return position_ < buffer_.size(); }
  // After the last feed: an intact frame stands in what looks like a torn tail, so a length in between is wrong.
  bool tail_holds_frame() const;

 private:
  common::base::Result<bool> header();
  std::string_view rest() const { return std::string_view(buffer_).substr(position_); }
  void step(std::size_t bytes) {
    position_ += bytes;
    intact_ += static_cast<std::int64_t>(bytes);
  }

  std::string buffer_;
  std::size_t position_ = 0;  // of the first byte in buffer_ that is not part of a frame handed out
  std::int64_t intact_ = 0;   // the same in the file
  std::int64_t payload_start_ = 0;
  bool header_read_ = false;
};

}  // namespace workloads::evidence
