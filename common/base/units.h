// Quantities as people write them: `200ms`, `64KiB`, `20k/s`. The unit is mandatory where there is one, so that a bare
// number never means two things.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/result.h"

namespace common::base {

Result<Nanos> parse_duration(std::string_view text);      // us ms s m h; "1.5s"
Result<std::int64_t> parse_bytes(std::string_view text);  // B KB MB GB KiB MiB GiB
Result<double> parse_rate(std::string_view text);         // per second: "500/s", "20k/s", "1.5M/s"
Result<std::int64_t> parse_count(std::string_view text);  // "1000", "20k", "1.5M"

std::string duration_text(Nanos ns);  // 7.42 s, 12.3 ms, 850 us: three significant digits
std::string bytes_text(std::int64_t bytes);
std::string count_text(std::int64_t count);  // 1,234,567
std::string rate_text(double per_second);    // 19.8k/s

}  // namespace common::base
