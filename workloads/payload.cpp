#include "workloads/payload.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "workloads/evidence/message.h"

namespace workloads {

namespace {
constexpr std::size_t kPool = std::size_t{4} << 20;  // beyond the largest batch, so that no compressor sees it twice
}

Payload::Payload(const common::protocol::ProduceSpec& spec)
    : size_(spec.size),
      largest_(static_cast<std::size_t>(
          std::max<std::int64_t>(spec.size.kind == "fixed" ? spec.size.low : spec.size.high, evidence::kIdentitySize))),
      keys_(spec.keys),
      zipf_(spec.key_distribution == "zipf"),
      random_part_(1 - spec.compressibility),
      sizes_(common::base::Random(static_cast<std::uint64_t>(spec.seed)).fork("sizes")),
      key_draws_(common::base::Random(static_cast<std::uint64_t>(spec.seed)).fork("keys")),
      pool_(kPool + largest_) {
  common::base::Random filler = common::base::Random(static_cast<std::uint64_t>(spec.seed)).fork("filler");
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= pool_.size(); at += sizeof(std::uint64_t)) {
    const std::uint64_t random = filler.next();
    std::memcpy(pool_.data() + at, &random, sizeof random);
  }
}

std::size_t Payload::next_size() {
  std::int64_t size = size_.low;
  if (size_.kind == "uniform")
    size += static_cast<std::int64_t>(sizes_.below(static_cast<std::uint64_t>(size_.high - size_.low + 1)));
  if (size_.kind == "exponential")
    size = std::min(static_cast<std::int64_t>(sizes_.exponential(static_cast<double>(size_.low))), size_.high);
  return std::max(static_cast<std::size_t>(size), evidence::kIdentitySize);
}

std::string_view Payload::next_key() {
  if (keys_ <= 0) return {};
  std::int64_t number = 0;
  if (zipf_) {
    // The inverse of the continuous 1/x distribution: key k has ln((k+2)/(k+1)) of the weight, close to 1/(k+1).
    const double drawn = std::exp(key_draws_.unit() * std::log(static_cast<double>(keys_) + 1));
    number = std::min(static_cast<std::int64_t>(drawn) - 1, keys_ - 1);
  } else {
    number = static_cast<std::int64_t>(key_draws_.below(static_cast<std::uint64_t>(keys_)));
  }
  key_[0] = 'k';
  const auto end = std::to_chars(key_ + 1, key_ + sizeof key_, number);
  return {key_, static_cast<std::size_t>(end.ptr - key_)};
}

void Payload::fill(char* value, std::size_t size) {
  const std::size_t filler = size - evidence::kIdentitySize;
  const auto random = static_cast<std::size_t>(static_cast<double>(filler) * random_part_);
  if (pool_at_ + random > pool_.size()) pool_at_ = 0;
  std::memcpy(value + evidence::kIdentitySize, pool_.data() + pool_at_, random);
  std::memset(value + evidence::kIdentitySize + random, 'f', filler - random);
  pool_at_ += random;
}

}  // namespace workloads
