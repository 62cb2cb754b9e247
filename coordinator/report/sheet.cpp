#include "coordinator/report/sheet.h"

#include <algorithm>
#include <cctype>

namespace coordinator::report {

namespace {

constexpr std::size_t kMargin = 11;  // of everything beside the section's name

Colour colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return Colour::green;
    case Verdict::inconclusive:
    case Verdict::aborted:
      return Colour::yellow;
    default:
      return Colour::red;
  }
}

}  // namespace

void Sheet::head(Verdict verdict, const std::string& sentence) {
  std::string title(word(verdict));
  std::transform(title.begin(), title.end(), title.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  const std::string words = wrapped(title + "  " + sentence, width_, title.size() + 2);
  line(paint_(colour_of(verdict), title) + words.substr(title.size()));
}

void Sheet::aside(const std::string& what) {
  line(paint_(Colour::dim, wrapped(what, width_, 2)));
}

void Sheet::begin(const char* section) {
  text_ += "\n";
  name_ = section;
}

void Sheet::item(const std::string& what) {
  line(paint_(Colour::bold, left(name_, kMargin)) + what);
  name_ = "";
}

std::string Sheet::beside(const std::string& what, std::size_t indent) const {
  std::string lines = wrapped(what, width_ - kMargin, indent);
  for (std::size_t at = lines.find('\n'); at != std::string::npos; at = lines.find('\n', at + 1))
    lines.insert(at + 1, kMargin, ' ');
  return lines;
}

void Sheet::prose(const std::string& what, std::size_t indent, Colour colour) {
  item(paint_(colour, beside(what, indent)));
}

void Sheet::prose_with(Colour colour, std::size_t first, const std::string& what, std::size_t indent) {
  const std::string lines = beside(what, indent);
  item(paint_(colour, std::string_view(lines).substr(0, first)) + lines.substr(first));
}

}  // namespace coordinator::report
