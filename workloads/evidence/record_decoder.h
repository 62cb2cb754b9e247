// Turns the records of a payload back into events: the mirror of record_encoder.h. Every byte is distrusted: what
// cannot have been written is an error, never a guess. Not thread-safe; owned by a segment decoder.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "workloads/evidence/event_fields.h"
#include "workloads/evidence/histogram.h"
#include "workloads/evidence/names.h"
#include "workloads/evidence/wire_format.h"

namespace workloads::evidence {

class RecordDecoder {
 public:
  explicit RecordDecoder(Names& names) : names_(names) {}

  // Calls sink(const Event&) for each event of the payload; what is wrong with it, or nullptr.
  template <typename Sink>
  const char* payload(std::string_view bytes, Sink&& sink) {
    begin_ = bytes.data();
    at_ = begin_;
    end_ = at_ + bytes.size();
    while (at_ != end_ && problem_ == nullptr) {
      record_ = at_;
      const auto tag = static_cast<std::uint8_t>(*at_++);
      if (tag == wire::kNameTag) {
        std::string text_of_name;
        text(text_of_name);
        if (problem_ == nullptr) ids_.push_back(names_.intern(text_of_name));
        continue;
      }
      mask_ = (tag & wire::kMaskFollows) != 0 ? number() : 0;
      tag_ = static_cast<std::uint8_t>(tag & ~wire::kMaskFollows);
      Event event;
      if (!read(event, std::make_index_sequence<std::variant_size_v<Event>>())) fail("a record of an unknown kind");
      if (mask_ != 0) fail("a record with flags that its kind does not have");
      if (problem_ == nullptr) sink(std::as_const(event));
    }
    return problem_;
  }

  std::size_t position() const {
    return static_cast<std::size_t>(record_ - begin_);
  }  // of the last record in the payload
  std::size_t names_declared() const { return ids_.size(); }
  const Streams& streams() const { return streams_; }

  // ---- what describe() calls --------------------------------------------------------------------------------------

  template <typename T>
  void plain(T& out) {
    if constexpr (std::is_same_v<T, Partition>) {
      plain(out.topic);
      plain(out.partition);
    } else if constexpr (std::is_same_v<T, bool>) {
      out = limited(1, 2) == 2;
    } else if constexpr (std::is_same_v<T, Id>) {
      out = id();
    } else {
      out = narrow<T>(signed_number());
    }
  }
  template <typename T>
  requires std::is_enum_v<T>
  void plain(T& out, T last) { out = static_cast<T>(limited(0, static_cast<std::uint8_t>(last))); }

  template <typename T>
  void predicted(T& out, const std::type_identity_t<T>& expected) {
    if (flag()) {
      deviation(out, expected);
    } else {
      out = expected;
    }
  }

  void time(std::int64_t& at) {
    if (flag()) {
      at = kNoTime;
      return;
    }
    at = wrapping_add(streams_.last_at, signed_number());
    streams_.last_at = at;
  }

  Stream& stream(Id& actor) {
    Stream& stream = read_stream();
    actor = stream.key.actor;
    return stream;
  }
  Stream& stream(Id& actor, Partition& where) {
    Stream& found = stream(actor);
    where = found.key.where;
    return found;
  }
  Stream& stream(Id& actor, Partition& where, Id& peer) {
    Stream& found = stream(actor, where);
    peer = found.key.peer;
    return found;
  }
  Stream& stream(Id& actor, Id& topic, Id& peer) {
    Partition where;
    Stream& found = stream(actor, where, peer);
    topic = where.topic;
    return found;
  }

  void text(std::string& out) {
    const std::uint64_t size = number();
    if (size > static_cast<std::uint64_t>(end_ - at_)) return fail("a text that is longer than its frame");
    out.assign(at_, size);
    at_ += size;
  }

  void list(std::vector<std::int32_t>& out) {
    std::uint64_t left = number();
    if (left > static_cast<std::uint64_t>(end_ - at_)) return fail("a list that is longer than its frame");
    for (; left > 0; --left) out.push_back(narrow<std::int32_t>(signed_number()));
  }

  void buckets(std::vector<std::pair<std::int32_t, std::int64_t>>& out) {
    std::uint64_t left = number();
    if (left > static_cast<std::uint64_t>(end_ - at_)) return fail("a histogram that is longer than its frame");
    std::int64_t bucket = 0;
    for (; left > 0; --left) {
      bucket = wrapping_add(bucket, signed_number());
      if (bucket < -1 - Histogram::kLastBucket || bucket > Histogram::kLastBucket ||
          (!out.empty() && bucket <= out.back().first))
        return fail("a histogram with a bucket that does not exist");
      out.emplace_back(static_cast<std::int32_t>(bucket), signed_number());
    }
  }

 private:
  template <std::size_t... I>
  bool read(Event& event, std::index_sequence<I...>) {
    return ((tag_ == 1 + I && (describe(*this, event.emplace<I>()), true)) || ...);
  }

  void deviation(bool& out, bool expected) { out = !expected; }
  void deviation(Id& out, Id) { plain(out); }
  void deviation(Partition& out, const Partition&) { plain(out); }
  template <std::signed_integral T>
  void deviation(T& out, T expected) {
    out = narrow<T>(wrapping_add(signed_number(), expected));
  }

  void fail(const char* problem) {
    if (problem_ == nullptr) problem_ = problem;
    at_ = end_;
  }

  bool flag() {
    const bool set = (mask_ & 1) != 0;
    mask_ >>= 1;
    return set;
  }

  Stream& read_stream() {
    const std::uint64_t index = number();
    if (index < streams_.size() && streams_.at(index).key.tag == tag_) return streams_.at(index);
    if (index == streams_.size()) {
      StreamKey key;
      key.tag = tag_;
      plain(key.actor);
      plain(key.where);
      plain(key.peer);
      if (problem_ == nullptr && streams_.find(key) == streams_.size()) return streams_.add(key);
    }
    fail("a record of a stream that does not exist");
    lost_ = Stream{};
    return lost_;
  }

  Id id() {
    const std::uint64_t stored = number();
    if (stored == 0) return kNoId;
    if (stored <= ids_.size()) return ids_[stored - 1];
    fail("a name that was not declared");
    return kNoId;
  }

  std::uint64_t limited(std::uint64_t low, std::uint64_t high) {
    const std::uint64_t value = number();
    if (value >= low && value <= high) return value;
    fail("a value out of its range");
    return low;
  }

  template <typename T>
  T narrow(std::int64_t value) {
    if (value != static_cast<T>(value)) fail("a value out of its range");
    return static_cast<T>(value);
  }

  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 70 && at_ != end_; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(*at_++);
      if (shift == 63 && byte > 1) break;
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    fail("a number that does not end");
    return 0;
  }

  Names& names_;
  std::vector<Id> ids_;  // by id of the file
  Streams streams_;
  Stream lost_;
  const char* begin_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  const char* record_ = nullptr;
  const char* problem_ = nullptr;
  std::uint8_t tag_ = 0;
  std::uint64_t mask_ = 0;
};

}  // namespace workloads::evidence
