#include <algorithm>

#include <nlohmann/json.hpp>

#include "coordinator/report/explain.h"
#include "coordinator/report/text_layout.h"

namespace coordinator::report {

namespace {

constexpr std::size_t kWidth = 120;

}  // namespace

std::string explanation_text(const Explanation& explanation, std::size_t number, bool colour) {
  const Painter paint(colour);
  std::string text = paint(explanation.severity == "violation" ? Colour::red : Colour::yellow,
                           std::to_string(number) + ". " + explanation.kind) +
                     " [" + explanation.severity + "]\n" + wrapped(explanation.finding, kWidth, 0) + "\n";
  if (!explanation.since.empty()) text += paint(Colour::dim, "times are from " + explanation.since) + "\n";
  text += "\n";
  std::size_t width = 0;
  for (const auto& line : explanation.lines) width = std::max(width, shown_width(line.who));
  for (const auto& line : explanation.lines) {
    const std::string head = right(line.at ? since(*line.at) : "", 9) + "  " +
                             left(line.line > 0 ? "line " + std::to_string(line.line) : "", 11) + " " +
                             left(line.who, width) + "  ";
    // Wrapped as a whole, so that the text stands beside its head.
    std::string whole = head + line.what;
    std::replace(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(head.size()), ' ', kGlue);
    text += wrapped(whole, kWidth, shown_width(head)) + "\n";
  }
  if (explanation.left_out > 0) text += "(" + std::to_string(explanation.left_out) + " lines more would be too many)\n";
  return text;
}

nlohmann::json to_json(const Explanation& explanation, std::size_t number) {
  auto lines = nlohmann::json::array();
  for (const auto& line : explanation.lines)
    lines.push_back({{"at_ns", line.at ? nlohmann::json(*line.at) : nlohmann::json(nullptr)},
                     {"line", line.line > 0 ? nlohmann::json(line.line) : nlohmann::json(nullptr)},
                     {"who", line.who},
                     {"what", line.what}});
  return {{"number", number},
          {"kind", explanation.kind},
          {"severity", explanation.severity},
          {"finding", explanation.finding},
          {"since", explanation.since.empty() ? nlohmann::json(nullptr) : nlohmann::json(explanation.since)},
          {"lines", lines},
          {"left_out", explanation.left_out}};
}

}  // namespace coordinator::report
