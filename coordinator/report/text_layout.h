// Plain text that lines up: colours, columns, wrapping. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"

namespace coordinator::report {

enum class Colour { none, bold, dim, red, green, yellow };

class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}
  std::string operator()(Colour colour, std::string_view text) const;

 private:
  bool colour_;
};

std::string left(std::string_view text, std::size_t width);   // padded behind; never cut
std::string right(std::string_view text, std::size_t width);  // padded before
std::size_t shown_width(std::string_view text);               // of UTF-8, in characters

// A space at which a line does not break: wrapped() makes a space of it.
inline constexpr char kGlue = '\x1f';

// Breaks at spaces so that no line is wider than `width`; lines but the first are indented by `indent`. A word that is
// wider stays whole.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

std::string compact(common::base::Nanos ns);  // "9.52s", "12.3ms", "850us", "0"
std::string brief(common::base::Nanos ns);    // two digits, for narrow columns: "9.5s", "12ms", "850us", "0"
std::string since(common::base::Nanos ns);    // "+9.52s", "-3.10ms"

}  // namespace coordinator::report
