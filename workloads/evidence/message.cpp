#include "workloads/evidence/message.h"

#include <algorithm>
#include <cstdio>

#include "common/base/assert.h"
#include "workloads/evidence/crc32c.h"
#include "workloads/evidence/little_endian.h"

namespace workloads::evidence {
namespace {

constexpr std::uint32_t kMagic = 0x314d4446;  // "FDM1" as bytes

std::uint32_t checksum(std::string_view key, const char* value, std::size_t size) {
  std::uint32_t crc = crc32c(value, 4);
  crc = crc32c(value + 8, size - 8, crc);
  return key.empty() ? crc : crc32c(key.data(), key.size(), crc);
}

}  // namespace

void write_identity(const Identity& identity, std::string_view key, char* value, std::size_t size) {
  FIREDRILL_ASSERT(size >= kIdentitySize && size <= UINT32_MAX);
  // A send that is more than 71 minutes late is stored as 71 minutes late.
  const std::int64_t late_us = (identity.sent_at - identity.intended_at) / 1000;
  store(value, kMagic);
  store(value + 8, identity.run);
  store(value + 16, identity.producer);
  store(value + 24, identity.topic);
  store(value + 28, identity.partition);
  store(value + 32, identity.sequence);
  store(value + 40, identity.intended_at);
  store(value + 48, static_cast<std::uint32_t>(std::clamp<std::int64_t>(late_us, 0, UINT32_MAX)));
  store(value + 52, static_cast<std::uint32_t>(size));
  store(value + 56, identity.transaction);
  store(value + 4, checksum(key, value, size));
}

ReadOutcome read_identity(std::string_view key, std::string_view value, Identity& identity) {
  const char* p = value.data();
  if (value.size() < 4 || load<std::uint32_t>(p) != kMagic) return ReadOutcome::foreign;
  if (value.size() < kIdentitySize) {
    identity = Identity{};
    return ReadOutcome::corrupt;
  }
  identity.run = load<std::uint64_t>(p + 8);
  identity.producer = load<std::uint64_t>(p + 16);
  identity.topic = load<std::uint32_t>(p + 24);
  identity.partition = load<std::int32_t>(p + 28);
  identity.sequence = load<std::int64_t>(p + 32);
  identity.intended_at = load<std::int64_t>(p + 40);
  // Unsigned: a corrupt time may be anything, and adding to it must stay defined.
  identity.sent_at = static_cast<std::int64_t>(static_cast<std::uint64_t>(identity.intended_at) +
                                               std::uint64_t{1000} * load<std::uint32_t>(p + 48));
  identity.transaction = load<std::int64_t>(p + 56);
  const bool whole = load<std::uint32_t>(p + 52) == value.size();
  return whole && load<std::uint32_t>(p + 4) == checksum(key, p, value.size()) ? ReadOutcome::intact
                                                                               : ReadOutcome::corrupt;
}

SendTimes send_times(const char* value) {
  const auto intended_at = load<std::int64_t>(value + 40);
  return {intended_at, intended_at + std::int64_t{1000} * load<std::uint32_t>(value + 48)};
}

std::string producer_name(std::uint64_t producer) {
  char text[24];
  std::snprintf(text, sizeof text, "p-%016llx", static_cast<unsigned long long>(producer));
  return text;
}

}  // namespace workloads::evidence
