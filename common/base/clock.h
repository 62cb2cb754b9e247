// Time. Evidence is stamped in nanoseconds of the host's CLOCK_MONOTONIC: one clock for all processes of a host, which
// never jumps. Wall time only labels a run for people. Pure code takes a Clock; tests hand it a ManualClock.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace common::base {

using Nanos = std::int64_t;  // ns on this host's monotonic clock, or a distance of such

inline constexpr Nanos kMicrosecond = 1'000;
inline constexpr Nanos kMillisecond = 1'000'000;
inline constexpr Nanos kSecond = 1'000'000'000;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Nanos now() const = 0;
};

class SteadyClock final : public Clock {
 public:
  Nanos now() const override;
  static const SteadyClock& instance();
};

// Any thread may read or move it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Nanos start = 0) : now_(start) {}
  Nanos now() const override { return now_.load(); }
  void advance(Nanos by) { now_.fetch_add(by); }

 private:
  std::atomic<Nanos> now_;
};

Nanos steady_now();
Nanos wall_now();                      // ns since 1970 (UTC)
std::string wall_text(Nanos wall_ns);  // 2026-11-21T09:30:00.123Z

// The name under which this host's clock is known in evidence: two hosts never share it, processes of one host do.
std::string host_name();

}  // namespace common::base
