// Turns events into records (wire_format.h), appended to a buffer. Remembers what the records before told, so its
// output must reach one file, whole and in order. Not thread-safe; owned by a segment writer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "workloads/evidence/event_fields.h"
#include "workloads/evidence/wire_format.h"

namespace workloads::evidence {

class RecordEncoder {
 public:
  explicit RecordEncoder(std::string& out) : out_(out) {}
  RecordEncoder(std::string& out, Streams streams) : out_(out), streams_(std::move(streams)) {}

  void name(std::string_view text) {
    out_.push_back(static_cast<char>(wire::kNameTag));
    this->text(text);
  }

  void event(const Event& event) {
    begin(static_cast<std::uint8_t>(1 + event.index()));
    std::visit([this](const auto& e) { describe(*this, e); }, event);
    finish();
  }

  // ---- what describe() calls --------------------------------------------------------------------------------------

  template <typename T>
  void plain(const T& value) {
    if constexpr (std::is_same_v<T, Partition>) {
      plain(value.topic);
      plain(value.partition);
    } else if constexpr (std::is_unsigned_v<T>) {
      number(static_cast<std::uint32_t>(value + 1));  // an Id, where kNoId becomes 0; a bool becomes 1 or 2
    } else {
      signed_number(value);
    }
  }
  template <typename T>
  requires std::is_enum_v<T>
  void plain(T value, T /*last*/) { number(static_cast<std::uint8_t>(value)); }

  template <typename T>
  void predicted(const T& value, const std::type_identity_t<T>& expected) {
    if (!flag(value != expected)) return;
    if constexpr (std::is_same_v<T, bool>)
      return;  // it is the other one
    else if constexpr (std::is_signed_v<T>)
      signed_number(difference(value, expected));
    else
      plain(value);
  }

  void time(std::int64_t at) {
    if (flag(at == kNoTime)) return;
    signed_number(difference(at, streams_.last_at));
    streams_.last_at = at;
  }

  Stream& stream(Id actor) { return stream_of({tag_, actor, {}, kNoId}); }
  Stream& stream(Id actor, const Partition& where) { return stream_of({tag_, actor, where, kNoId}); }
  Stream& stream(Id actor, const Partition& where, Id peer) { return stream_of({tag_, actor, where, peer}); }
  Stream& stream(Id actor, Id topic, Id peer) { return stream_of({tag_, actor, {topic, 0}, peer}); }

  void text(std::string_view text) {
    number(text.size());
    out_.append(text);
  }

  void list(const std::vector<std::int32_t>& values) {
    number(values.size());
    for (const auto value : values) signed_number(value);
  }

  void buckets(const std::vector<std::pair<std::int32_t, std::int64_t>>& buckets) {
    number(buckets.size());
    std::int32_t previous = 0;
    for (const auto& [bucket, count] : buckets) {
      signed_number(std::int64_t{bucket} - previous);
      signed_number(count);
      previous = bucket;
    }
  }

 private:
  static std::int64_t difference(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
  }

  void begin(std::uint8_t tag) {
    tag_ = tag;
    start_ = out_.size();
    mask_ = 0;
    next_bit_ = 1;
    out_.push_back(static_cast<char>(tag));
  }

  void finish() {
    if (mask_ == 0) return;
    out_[start_] = static_cast<char>(tag_ | wire::kMaskFollows);
    char mask[5];
    std::size_t size = 0;
    for (std::uint32_t rest = mask_; rest != 0; rest >>= 7)
      mask[size++] = static_cast<char>((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    out_.insert(start_ + 1, mask, size);
  }

  bool flag(bool set) {
    if (set) mask_ |= next_bit_;
    next_bit_ <<= 1;
    return set;
  }

  Stream& stream_of(const StreamKey& key) {
    const std::size_t index = streams_.find(key);
    number(index);
    if (index < streams_.size()) return streams_.at(index);
    plain(key.actor);
    plain(key.where);
    plain(key.peer);
    return streams_.add(key);
  }

  void signed_number(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }

  void number(std::uint64_t value) {
    for (; value > 0x7f; value >>= 7) out_.push_back(static_cast<char>(0x80 | (value & 0x7f)));
    out_.push_back(static_cast<char>(value));
  }

  std::string& out_;
  Streams streams_;
  std::uint8_t tag_ = 0;
  std::size_t start_ = 0;
  std::uint32_t mask_ = 0;
  std::uint32_t next_bit_ = 1;
};

}  // namespace workloads::evidence
