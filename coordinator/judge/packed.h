// Bytes that are only ever appended and read front to back: variable-length integers, in chunks that never move, so
// that 10^8 runs cost what they need and no copying. A record must fit in kLargestRecord bytes. Not thread-safe.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

namespace coordinator::judge {

class Packed {
 public:
  static constexpr std::size_t kLargestRecord = 128;

  // Call before each record.
  void begin_record() {
    if (left_ < kLargestRecord) grow();
    ++records_;
  }
  void byte(std::uint8_t value) {
    *next_++ = value;
    --left_;
  }
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
  std::size_t records() const { return records_; }

 private:
  friend class Unpacker;
  struct Chunk {
    std::unique_ptr<std::uint8_t[]> bytes;
    std::size_t size = 0;
  };
  void grow() {
    if (!chunks_.empty()) used_.push_back(chunks_.back().size - left_);
    const std::size_t size = chunks_.empty() ? 256 : chunks_.back().size >= 16384 ? 16384 : chunks_.back().size * 2;
    chunks_.push_back({std::unique_ptr<std::uint8_t[]>(new std::uint8_t[size]), size});
    next_ = chunks_.back().bytes.get();
    left_ = size;
  }
  std::vector<Chunk> chunks_;
  std::vector<std::size_t> used_;  // of each full chunk
  std::uint8_t* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t records_ = 0;
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

 private:
  void open(std::size_t chunk) {
    chunk_ = chunk;
    if (chunk >= packed_.chunks_.size()) return;
    next_ = packed_.chunks_[chunk].bytes.get();
    const bool last = chunk + 1 == packed_.chunks_.size();
    end_ = next_ + (last ? packed_.chunks_[chunk].size - packed_.left_ : packed_.used_[chunk]);
  }
  const Packed& packed_;
  std::size_t chunk_ = 0;
  const std::uint8_t* next_ = nullptr;
  const std::uint8_t* end_ = nullptr;
};

}  // namespace coordinator::judge
