#include "workloads/evidence/frame_reader.h"

#include <algorithm>

#include "workloads/evidence/wire_format.h"

namespace workloads::evidence {
namespace base = common::base;
namespace {

base::Error damaged(std::int64_t at, const std::string& how) {
  return base::fail(base::ErrorKind::configuration, "evidence is damaged at byte " + std::to_string(at) + ": " + how);
}

bool intact_frame_begins(std::string_view bytes) {
  if (bytes.size() < wire::kFrameHeaderSize || load<std::uint32_t>(bytes.data()) != wire::kFrameMagic) return false;
  const auto length = load<std::uint32_t>(bytes.data() + 4);
  if (length == 0 || length > wire::kLargestPayload || bytes.size() < wire::kFrameHeaderSize + length) return false;
  return load<std::uint32_t>(bytes.data() + 8) == wire::frame_checksum(bytes.data() + wire::kFrameHeaderSize, length);
}

}  // namespace

base::Result<bool> FrameReader::header() {
  char expected[wire::kHeaderSize];
  wire::write_header(expected);
  const std::string_view bytes = rest();
  const std::size_t magic = std::min<std::size_t>(bytes.size(), 4);
  if (bytes.substr(0, magic) != std::string_view(expected, magic))
    return base::fail(base::ErrorKind::configuration, "is no evidence file: its first bytes are wrong (byte 0)");
  if (bytes.size() < wire::kHeaderSize) return false;
  if (const auto version = load<std::uint32_t>(bytes.data() + 4); version != wire::kVersion)
    return base::fail(base::ErrorKind::configuration, "is evidence of version " + std::to_string(version) +
                                                          " (byte 4); this Firedrill reads version " +
                                                          std::to_string(wire::kVersion));
  step(wire::kHeaderSize);
  header_read_ = true;
  return true;
}

base::Result<bool> FrameReader::next(std::string_view& payload) {
  if (!header_read_) {
    auto found = header();
    if (!found || !*found) return found;
  }
  const std::string_view bytes = rest();
  if (bytes.size() >= 4 && load<std::uint32_t>(bytes.data()) != wire::kFrameMagic)
    return damaged(intact_, "no frame begins here");
  if (bytes.size() < wire::kFrameHeaderSize) return false;
  const auto length = load<std::uint32_t>(bytes.data() + 4);
  if (length == 0 || length > wire::kLargestPayload)
    return damaged(intact_ + 4, "a frame of " + std::to_string(length) + " bytes");
  const std::size_t size = wire::kFrameHeaderSize + length;
  if (intact_frame_begins(bytes)) {
    payload = bytes.substr(wire::kFrameHeaderSize, length);
    payload_start_ = intact_ + static_cast<std::int64_t>(wire::kFrameHeaderSize);
    step(size);
    return true;
  }
  // A frame that ends the file may be torn; one that has a successor was whole once.
  if (bytes.size() > size) return damaged(intact_, "the checksum of the frame differs");
  return false;
}

bool FrameReader::tail_holds_frame() const {
  const std::string_view tail = rest();
  for (std::size_t i = 1; i + wire::kFrameHeaderSize < tail.size(); ++i)
    if (intact_frame_begins(tail.substr(i))) return true;
  return false;
}

}  // namespace workloads::evidence
