// A report as it stands on a terminal: sections whose names stand in a margin, lines wrapped beside it. Not
// thread-safe; lives on the stack.
#pragma once

#include <string>

#include "coordinator/report/text_layout.h"
#include "coordinator/report/verdict.h"

namespace coordinator::report {

class Sheet {
 public:
  Sheet(bool colour, int width) : paint_(colour), width_(static_cast<std::size_t>(width)) {}

  void head(Verdict verdict, const std::string& sentence);  // "PASS  All 12 acked records ...", wrapped
  void aside(const std::string& what);                      // dim, from the first column, wrapped

  void begin(const char* section);     // its name stands beside the first line of it only
  void item(const std::string& what);  // one line, as it is
  void prose(const std::string& what, std::size_t indent, Colour colour = Colour::none);  // wrapped
  // Wrapped, its first word (of that many bytes) in a colour.
  void prose_with(Colour colour, std::size_t first, const std::string& what, std::size_t indent);

  std::string painted(Colour colour, std::string_view what) const { return paint_(colour, what); }
  std::string take() { return std::move(text_); }

 private:
  std::string beside(const std::string& what, std::size_t indent) const;
  void line(const std::string& what) { text_ += what + "\n"; }
  const Painter paint_;
  const std::size_t width_;
  std::string name_;
  std::string text_;
};

}  // namespace coordinator::report
