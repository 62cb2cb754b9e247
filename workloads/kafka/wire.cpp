#include "workloads/kafka/wire.h"

namespace workloads::kafka {

WireWriter& WireWriter::integer(std::uint64_t value, int size) {
  for (int shift = size * 8 - 8; shift >= 0; shift -= 8) bytes_.push_back(static_cast<char>(value >> shift));
  return *this;
}

WireWriter& WireWriter::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>(value | 0x80));
  bytes_.push_back(static_cast<char>(value));
  return *this;
}

WireWriter& WireWriter::string(std::string_view text) {
  int16(static_cast<std::int16_t>(text.size()));
  bytes_ += text;
  return *this;
}

WireWriter& WireWriter::compact_string(std::string_view text) {
  varint(text.size() + 1);
  bytes_ += text;
  return *this;
}

std::int64_t WireReader::integer(std::size_t size) {
  if (size > bytes_.size()) ok_ = false;
  if (!ok_) return 0;
  std::uint64_t value = static_cast<signed char>(bytes_[0]) < 0 ? ~std::uint64_t{0} : 0;  // the sign reaches up
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes_[i]);
  bytes_.remove_prefix(size);
  return static_cast<std::int64_t>(value);
}

std::uint64_t WireReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    const auto byte = static_cast<std::uint64_t>(integer(1)) & 0xff;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  ok_ = false;
  return 0;
}

std::string WireReader::take(std::uint64_t size) {
  if (size > bytes_.size()) ok_ = false;
  if (!ok_) return "";
  std::string text(bytes_.substr(0, size));
  bytes_.remove_prefix(size);
  return text;
}

std::string WireReader::string() {
  const std::int16_t size = int16();
  return size < 0 ? "" : take(static_cast<std::uint64_t>(size));
}

std::string WireReader::compact_string() {
  const std::uint64_t size = varint();
  return size == 0 ? "" : take(size - 1);
}

std::int64_t WireReader::compact_count() {
  const std::uint64_t count = varint();
  return count == 0 ? 0 : static_cast<std::int64_t>(count) - 1;
}

void WireReader::skip_tags() {
  for (std::uint64_t count = varint(); ok_ && count > 0; --count) {
    varint();
    take(varint());
  }
}

std::string frame(const WireRequest& request, std::int32_t correlation) {
  WireWriter header;
  header.int16(request.api_key).int16(request.version).int32(correlation).string("firedrill");
  if (request.flexible) header.no_tags();
  WireWriter size;
  size.int32(static_cast<std::int32_t>(header.bytes().size() + request.body.size()));
  return size.bytes() + header.bytes() + request.body;
}

}  // namespace workloads::kafka
