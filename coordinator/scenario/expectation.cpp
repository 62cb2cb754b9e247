#include "coordinator/scenario/expectation.h"

#include <array>
#include <charconv>
#include <utility>

#include "common/base/json_fields.h"
#include "common/base/units.h"
#include "coordinator/scenario/metric_table.h"

namespace coordinator::scenario {

using common::base::Error;
using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

namespace {

constexpr std::array<std::pair<std::string_view, Comparison>, 6> kSigns{{{"==", Comparison::equal},
                                                                         {"!=", Comparison::not_equal},
                                                                         {"<=", Comparison::at_most},
                                                                         {">=", Comparison::at_least},
                                                                         {"<", Comparison::less},
                                                                         {">", Comparison::more}}};

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

Result<double> parse_value(const std::string& text, Unit unit) {
  const auto as_double = [](const auto& value) -> Result<double> {
    if (!value) return value.error();
    return static_cast<double>(*value);
  };
  if (unit == Unit::duration) return as_double(common::base::parse_duration(text));
  if (unit == Unit::per_second) return common::base::parse_rate(text);
  if (unit == Unit::messages || unit == Unit::count) return as_double(common::base::parse_count(text));
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || rest != text.data() + text.size() || number < 0 || number > 1)
    return fail(ErrorKind::configuration, "`" + text + "` is not " + std::string(unit_words(unit)));
  return number;
}

Error unknown_metric(const std::string& name) {
  const std::string meant = common::base::nearest(name, metric_names());
  return fail(ErrorKind::configuration,
              "the metric `" + name + "` is unknown" +
                  (meant.empty() ? "; docs/scenarios.md lists them" : "; did you mean `" + meant + "`?"));
}

}  // namespace

std::string_view sign(Comparison comparison) {
  for (const auto& [text, value] : kSigns)
    if (value == comparison) return text;
  return "?";
}

bool compare(double left, Comparison comparison, double right) {
  switch (comparison) {
    case Comparison::equal:
      return left == right;
    case Comparison::not_equal:
      return left != right;
    case Comparison::less:
      return left < right;
    case Comparison::at_most:
      return left <= right;
    case Comparison::more:
      return left > right;
    case Comparison::at_least:
      return left >= right;
  }
  return false;
}

Result<Sides> split_comparison(std::string_view text) {
  const std::size_t at = text.find_first_of("=!<>");
  if (at != std::string_view::npos) {
    for (const auto& [symbol, comparison] : kSigns) {
      if (text.substr(at, symbol.size()) != symbol) continue;
      Sides sides{trimmed(text.substr(0, at)), comparison, trimmed(text.substr(at + symbol.size()))};
      if (!sides.left.empty() && !sides.right.empty()) return sides;
    }
  }
  return fail(ErrorKind::configuration,
              "`" + std::string(text) + "` is not `NAME OP VALUE` with OP one of ==, !=, <, <=, >, >=");
}

Result<Expectation> parse_expectation(std::string_view text) {
  const auto sides = split_comparison(text);
  if (!sides) return sides.error();
  Expectation expectation;
  expectation.text = trimmed(text);
  expectation.metric = sides->left;
  expectation.comparison = sides->comparison;
  const Metric* metric = find_metric(sides->left);
  if (metric == nullptr) return unknown_metric(sides->left);

  std::string value = sides->right;
  if (const std::size_t space = value.find(' '); space != std::string::npos) {
    const std::string rest = trimmed(std::string_view(value).substr(space));
    value.resize(space);
    if (!rest.starts_with("during ") || trimmed(rest.substr(7)).empty())
      return fail(ErrorKind::configuration, "`" + rest + "` after the value is not `during PHASE`");
    expectation.phase = trimmed(rest.substr(7));
    if (!metric->by_phase)
      return fail(ErrorKind::configuration, "`" + expectation.metric +
                                                "` is measured over the whole run; it cannot be asked `during " +
                                                expectation.phase + "`");
  }
  const auto number = parse_value(value, metric->unit);
  if (!number)
    return fail(ErrorKind::configuration, "`" + expectation.metric + "` is compared with " +
                                              std::string(unit_words(metric->unit)) + ", not `" + value + "`");
  expectation.value = *number;
  expectation.is_duration = metric->unit == Unit::duration;
  return expectation;
}

}  // namespace coordinator::scenario
