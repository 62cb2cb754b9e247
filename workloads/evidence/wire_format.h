// The evidence file on disk (extension .fde): a header, then frames. docs/evidence.md describes it for people.
//   header: magic "FDEV" | version u32
//   frame:  magic u32 | payload length u32 | CRC32C u32 over length and payload | payload = a sequence of records
//   record: tag u8 (bit 7: a mask follows) | mask varint | fields (event_fields.h)
// Little-endian. Constants and pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "workloads/evidence/crc32c.h"
#include "workloads/evidence/little_endian.h"

namespace workloads::evidence::wire {

inline constexpr std::uint32_t kFileMagic = 0x56454446;  // "FDEV" as bytes
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kHeaderSize = 8;
inline constexpr std::uint32_t kFrameMagic = 0x5eedf1de;
inline constexpr std::size_t kFrameHeaderSize = 12;
inline constexpr std::size_t kLargestPayload = (1u << 20) - kFrameHeaderSize;  // a frame is at most 1 MiB

inline constexpr std::uint8_t kMaskFollows = 0x80;
inline constexpr std::uint8_t kNameTag = 0;  // declares the next id of the file; tags of events: 1 + index in Event

inline void write_header(char* to) {
  store(to, kFileMagic);
  store(to + 4, kVersion);
}

inline std::uint32_t frame_checksum(const char* payload, std::uint32_t length) {
  char size[4];
  store(size, length);
  return crc32c(payload, length, crc32c(size, sizeof size));
}

inline void write_frame_header(char* to, const char* payload, std::uint32_t length) {
  store(to, kFrameMagic);
  store(to + 4, length);
  store(to + 8, frame_checksum(payload, length));
}

}  // namespace workloads::evidence::wire
