#include "coordinator/report/text_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "common/base/units.h"

namespace coordinator::report {

std::string Painter::operator()(Colour colour, std::string_view text) const {
  if (!colour_ || colour == Colour::none) return std::string(text);
  const char* code = colour == Colour::bold    ? "1"
                     : colour == Colour::dim   ? "2"
                     : colour == Colour::red   ? "1;31"
                     : colour == Colour::green ? "1;32"
                                               : "1;33";
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::size_t shown_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string left(std::string_view text, std::size_t width) {
  const std::size_t used = shown_width(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

std::string right(std::string_view text, std::size_t width) {
  const std::size_t used = shown_width(text);
  return std::string(used < width ? width - used : 0, ' ') + std::string(text);
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string result;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    if (used > 0 && used + 1 + shown_width(word) > width) {
      result += "\n" + std::string(indent, ' ');
      used = indent;
    } else if (!result.empty()) {
      result += ' ';
      ++used;
    }
    result += word;
    used += shown_width(word);
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  std::replace(result.begin(), result.end(), kGlue, ' ');
  return result;
}

std::string compact(common::base::Nanos ns) {
  if (ns == 0) return "0";
  std::string text = common::base::duration_text(ns);
  if (const std::size_t space = text.find(' ');
      space != std::string::npos && text.find(' ', space + 1) == std::string::npos)
    text.erase(space, 1);
  return text;
}

std::string brief(common::base::Nanos ns) {
  if (ns == 0) return "0";
  const auto cell = [](double value, const char* unit) {
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), std::fabs(value) < 9.95 ? "%.1f%s" : "%.0f%s", value, unit);
    return std::string(text.data());
  };
  const auto value = static_cast<double>(ns);
  const double size = std::fabs(value);
  if (size < 999.5e3) return cell(value / 1e3, "us");
  if (size < 999.5e6) return cell(value / 1e6, "ms");
  if (size < 599.5e9) return cell(value / 1e9, "s");
  return cell(value / 60e9, "m");
}

std::string since(common::base::Nanos ns) {
  return (ns < 0 ? "" : "+") + compact(ns);
}

}  // namespace coordinator::report
