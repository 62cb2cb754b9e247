#include "common/base/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace common::base {

namespace {

using Unit = std::pair<std::string_view, double>;

template <std::size_t N>
Result<double> parse(std::string_view text, const std::array<Unit, N>& units, const char* examples) {
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && number >= 0 && std::isfinite(number)) {
    const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
    for (const auto& [name, factor] : units)
      if (unit == name && number * factor < 9e18) return number * factor;
  }
  return fail(ErrorKind::configuration, "`" + std::string(text) + "` is not one of the forms " + examples);
}

std::string significant(double value) {
  std::array<char, 32> text{};
  const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

}  // namespace

Result<Nanos> parse_duration(std::string_view text) {
  static constexpr std::array<Unit, 5> units{{{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}};
  const auto value = parse(text, units, "500us, 200ms, 1.5s, 2m, 1h");
  if (!value) return value.error();
  return static_cast<Nanos>(std::llround(*value));
}

Result<std::int64_t> parse_bytes(std::string_view text) {
  static constexpr std::array<Unit, 7> units{
      {{"B", 1}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}}};
  const auto value = parse(text, units, "100B, 64KiB, 1MB");
  if (!value) return value.error();
  return static_cast<std::int64_t>(std::llround(*value));
}

Result<double> parse_rate(std::string_view text) {
  static constexpr std::array<Unit, 3> units{{{"/s", 1}, {"k/s", 1e3}, {"M/s", 1e6}}};
  return parse(text, units, "500/s, 20k/s, 1.5M/s");
}

Result<std::int64_t> parse_count(std::string_view text) {
  static constexpr std::array<Unit, 3> units{{{"", 1}, {"k", 1e3}, {"M", 1e6}}};
  const auto value = parse(text, units, "1000, 20k, 1.5M");
  if (!value) return value.error();
  return static_cast<std::int64_t>(std::llround(*value));
}

std::string duration_text(Nanos ns) {
  const std::string sign = ns < 0 ? "-" : "";
  const double value = std::fabs(static_cast<double>(ns));
  if (value < 1e3) return sign + significant(value).substr(0, significant(value).find('.')) + " ns";
  if (value < 1e6) return sign + significant(value / 1e3) + " us";
  if (value < 1e9) return sign + significant(value / 1e6) + " ms";
  if (value < 120e9) return sign + significant(value / 1e9) + " s";
  const auto seconds = static_cast<long long>(value / 1e9);
  if (seconds < 7200) return sign + std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  return sign + std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
}

std::string bytes_text(std::int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (bytes < 1024) return std::to_string(bytes) + " B";
  if (value < 1048576.0) return significant(value / 1024.0) + " KiB";
  if (value < 1073741824.0) return significant(value / 1048576.0) + " MiB";
  return significant(value / 1073741824.0) + " GiB";
}

std::string count_text(std::int64_t count) {
  std::string digits = std::to_string(count < 0 ? -count : count);
  for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, ",");
  return (count < 0 ? "-" : "") + digits;
}

std::string rate_text(double per_second) {
  if (per_second >= 1e6) return significant(per_second / 1e6) + "M/s";
  if (per_second >= 1e4) return significant(per_second / 1e3) + "k/s";
  return significant(per_second) + "/s";
}

}  // namespace common::base
