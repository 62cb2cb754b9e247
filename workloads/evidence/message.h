// What makes a message countable: the identity at the front of its value (a header would cost twice the CPU). Layout,
// little-endian, 64 bytes + filler:
//   magic u32 "FDM1" | crc32c u32 over everything else of the value and over key | run u64 | producer u64 (name hashes)
//   | target topic u32 (name hash) | target partition i32 | sequence i64 | intended_at i64 | sent_after_intended_us u32
//   | value size u32 | transaction i64 (-1: none)
// Names travel as numbers because a value must be small: readers know the topics of their run by hash, and a producer's
// name *is* its number in hexadecimal, so that a reader that never met it names it alike. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace workloads::evidence {

struct Identity {
  std::uint64_t run = 0;       // common::base::hash64 of the run id
  std::uint64_t producer = 0;  // of the incarnation; its name is made from it: producer_name()
  std::uint32_t topic = 0;     // low half of hash64 of the topic
  std::int32_t partition = 0;
  std::int64_t sequence = 0;
  std::int64_t intended_at = 0;  // ns, clock of the producer's host
  std::int64_t sent_at = 0;      // ns, to a microsecond
  std::int64_t transaction = -1;
};

inline constexpr std::size_t kIdentitySize = 64;

// Fills value[0, size) (size >= kIdentitySize); `filler` bytes behind the identity are left as they are and are covered
// by the checksum.
void write_identity(const Identity& identity, std::string_view key, char* value, std::size_t size);

enum class ReadOutcome { intact, foreign, corrupt };  // foreign: not our magic; corrupt: ours, but the checksum differs
// On corrupt the fields are what could be read and must not be believed.
ReadOutcome read_identity(std::string_view key, std::string_view value, Identity& identity);

// The times in a value of our own, unchecked: for the sender, who gets it back with the delivery report.
struct SendTimes {
  std::int64_t intended_at;
  std::int64_t sent_at;
};
SendTimes send_times(const char* value);

std::string producer_name(std::uint64_t producer);  // "p-3f9a0c1d2e4b5a67"

}  // namespace workloads::evidence
