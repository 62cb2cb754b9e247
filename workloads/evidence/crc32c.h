// CRC32C (Castagnoli, as Kafka's record batches and iSCSI use it), by the SSE4.2 instruction where the CPU has it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace workloads::evidence {
std::uint32_t crc32c(const void* bytes, std::size_t count, std::uint32_t previous = 0);
}
