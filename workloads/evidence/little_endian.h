// Fixed-width numbers as the evidence formats store them: little-endian. Pure functions; any thread.
#pragma once

#include <bit>
#include <concepts>
#include <cstring>

namespace workloads::evidence {

static_assert(std::endian::native == std::endian::little, "store and load copy bytes as they are");

template <std::integral T>
void store(char* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

template <std::integral T>
T load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

}  // namespace workloads::evidence
