// CRC32C (Castagnoli, as Kafka's record batches and iSCSI use it), by the SSE4.2 instruction where the CPU has it.
// Pure functions; any thread. `previous` is the checksum of the bytes that come before, so parts can be chained.
#pragma once

#include <cstddef>
#include <cstdint>

namespace workloads::evidence {

std::uint32_t crc32c(const void* bytes, std::size_t count, std::uint32_t previous = 0);

// What a CPU without the instruction does; the same result.
std::uint32_t crc32c_by_table(const void* bytes, std::size_t count, std::uint32_t previous = 0);

}  // namespace workloads::evidence
