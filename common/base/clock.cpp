#include "common/base/clock.h"

#include <array>
#include <cstdio>
#include <time.h>
#include <unistd.h>

namespace common::base {

namespace {
Nanos read(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return static_cast<Nanos>(t.tv_sec) * kSecond + t.tv_nsec;
}
}  // namespace

Nanos steady_now() {
  return read(CLOCK_MONOTONIC);
}

Nanos wall_now() {
  return read(CLOCK_REALTIME);
}

Nanos SteadyClock::now() const {
  return steady_now();
}

const SteadyClock& SteadyClock::instance() {
  static const SteadyClock clock;
  return clock;
}

std::string wall_text(Nanos wall_ns) {
  const time_t seconds = static_cast<time_t>(wall_ns / kSecond);
  tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> date{};
  strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%s.%03dZ", date.data(), static_cast<int>(wall_ns % kSecond / kMillisecond));
  return text.data();
}

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == 0) return "localhost";
  return name.data();
}

}  // namespace common::base
