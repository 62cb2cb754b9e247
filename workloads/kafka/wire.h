// Kafka's protocol by hand, as far as it is needed to ask what librdkafka cannot: bytes out, bytes in, one request and
// one response at a time over a plain TCP connection. Blocking, never beyond the timeout; a connection has one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace workloads::kafka {

// Appends big-endian fields.
class WireWriter {
 public:
  WireWriter& int8(std::int8_t value) { return integer(static_cast<std::uint8_t>(value), 1); }
  WireWriter& int16(std::int16_t value) { return integer(static_cast<std::uint16_t>(value), 2); }
  WireWriter& int32(std::int32_t value) { return integer(static_cast<std::uint32_t>(value), 4); }
  WireWriter& string(std::string_view text);                                    // int16 length
  WireWriter& compact_string(std::string_view text);                            // varint length + 1
  WireWriter& compact_count(std::uint64_t count) { return varint(count + 1); }  // of an array
  WireWriter& no_tags() { return varint(0); }
  const std::string& bytes() const { return bytes_; }

 private:
  WireWriter& integer(std::uint64_t value, int size);
  WireWriter& varint(std::uint64_t value);
  std::string bytes_;
};

// Reads them; once something is missing every later field is 0 and ok() is false.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  std::int64_t integer(std::size_t size);
  std::int16_t int16() { return static_cast<std::int16_t>(integer(2)); }
  std::int32_t int32() { return static_cast<std::int32_t>(integer(4)); }
  std::string string();
  std::string compact_string();  // "" for null
  std::int64_t compact_count();  // of an array; null counts as empty
  void skip_tags();

 private:
  std::uint64_t varint();
  std::string take(std::uint64_t size);
  std::string_view bytes_;
  bool ok_ = true;
};

struct WireRequest {
  std::int16_t api_key;
  std::int16_t version;
  bool flexible;  // tagged fields in both headers (KIP-482)
  std::string body;
};

std::string frame(const WireRequest& request, std::int32_t correlation);

// To one broker: opened by the first question, and anew by the next one after anything went wrong.
class WireConnection {
 public:
  WireConnection(std::string host, int port) : host_(std::move(host)), port_(port) {}
  ~WireConnection() { close(); }
  WireConnection(const WireConnection&) = delete;
  WireConnection& operator=(const WireConnection&) = delete;

  // The body of the response, behind its header.
  common::base::Result<std::string> ask(const WireRequest& request, common::base::Nanos timeout);

 private:
  common::base::Result<std::string> exchange(const WireRequest& request, common::base::Nanos deadline);
  common::base::Result<void> open(common::base::Nanos deadline);
  void close();

  const std::string host_;
  const int port_;
  int fd_ = -1;
  std::int32_t correlation_ = 0;
};

}  // namespace workloads::kafka
