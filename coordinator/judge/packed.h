// Bytes that are only ever appended and read front to back: variable-length integers, in chunks that never move, so
// that 10^8 runs cost what they need and no copying. A record must fit in kLargestRecord bytes. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace coordinator::judge {

// Writes one record; a value of its own, so that the compiler keeps it in registers.
class Pen {
 public:
  explicit Pen(std::uint8_t* at) : at_(at) {}
  void byte(std::uint8_t value) { *at_++ = value; }
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  void difference(std::int64_t from, std::int64_t to) {  // wraps, so any two values work
    const auto delta = static_cast<std::int64_t>(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from));
    number((static_cast<std::uint64_t>(delta) << 1) ^ static_cast<std::uint64_t>(delta >> 63));
  }
  // For what nearly always rises: a bit shorter then, a byte longer else. `from` is not INT64_MIN.
  void rise(std::int64_t from, std::int64_t to) {
    if (to >= from) return number(static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from) + 1);
    byte(0);
    number(static_cast<std::uint64_t>(from) - static_cast<std::uint64_t>(to));
  }
  std::uint8_t* at() const { return at_; }

 private:
  std::uint8_t* at_;
};

class Packed {
 public:
  static constexpr std::size_t kLargestRecord = 128;

  Pen begin_record() {
    if (static_cast<std::size_t>(end_ - next_) < kLargestRecord) grow();
    return Pen(next_);
  }
  void end_record(const Pen& pen) {
    next_ = pen.at();
    ++records_;
  }
  std::size_t records() const { return records_; }

 private:
  friend class Unpacker;
  static constexpr std::uint32_t kSmallest = 256, kLargest = 4096;
  struct Chunk {
    std::unique_ptr<std::uint8_t[]> bytes;
    std::uint32_t size = 0;
    std::uint32_t used = 0;  // once it is full
  };
  void grow() {
    std::uint32_t size = kSmallest;
    if (!chunks_.empty()) {
      chunks_.back().used = static_cast<std::uint32_t>(next_ - chunks_.back().bytes.get());
      size = chunks_.back().size < kLargest ? chunks_.back().size * 2 : kLargest;
    }
    chunks_.push_back({std::unique_ptr<std::uint8_t[]>(new std::uint8_t[size]), size, 0});
    next_ = chunks_.back().bytes.get();
    end_ = next_ + size;
  }
  std::uint8_t* next_ = nullptr;
  std::uint8_t* end_ = nullptr;
  std::size_t records_ = 0;
  std::vector<Chunk> chunks_;
};

class Unpacker {
 public:
  explicit Unpacker(const Packed& packed) : packed_(packed) { open(0); }
  bool begin_record() {
    while (next_ == end_) {
      if (chunk_ + 1 >= packed_.chunks_.size()) return false;
      open(chunk_ + 1);
    }
    return true;
  }
  std::uint8_t byte() { return *next_++; }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const std::uint8_t b = *next_++;
      value |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return value;
    }
  }
  std::int64_t difference(std::int64_t from) {
    const std::uint64_t zigzag = number();
    const std::uint64_t delta = (zigzag >> 1) ^ (~(zigzag & 1) + 1);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + delta);
  }
  std::int64_t rise(std::int64_t from) {
    const std::uint64_t up = number();
    if (up > 0) return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + (up - 1));
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) - number());
  }

 private:
  void open(std::size_t chunk) {
    chunk_ = chunk;
    if (chunk >= packed_.chunks_.size()) return;
    next_ = packed_.chunks_[chunk].bytes.get();
    const bool last = chunk + 1 == packed_.chunks_.size();
    end_ = last ? packed_.next_ : next_ + packed_.chunks_[chunk].used;
  }
  const Packed& packed_;
  std::size_t chunk_ = 0;
  const std::uint8_t* next_ = nullptr;
  const std::uint8_t* end_ = nullptr;
};

}  // namespace coordinator::judge
