#include "coordinator/scenario/expectation.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "common/base/json_fields.h"
#include "common/base/units.h"
#include "coordinator/scenario/metric_table.h"

namespace coordinator::scenario {

using common::base::Result;

namespace {

constexpr std::array<std::pair<std::string_view, Comparison>, 6> kSigns{{{"==", Comparison::equal},
                                                                         {"!=", Comparison::not_equal},
                                                                         {"<=", Comparison::at_most},
                                                                         {">=", Comparison::at_least},
                                                                         {"<", Comparison::less},
                                                                         {">", Comparison::more}}};

// A part of an expression, and where it begins there.
struct Part {
  std::string_view text;
  std::size_t at = 0;

  Part trimmed() const {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {"", at + text.size()};
    return {text.substr(begin, text.find_last_not_of(" \t") - begin + 1), at + begin};
  }
  Part from(std::size_t position) const { return Part{text.substr(position), at + position}.trimmed(); }
  // Up to the first space, which goes with the rest.
  std::pair<Part, Part> first_word() const {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    return {{text.substr(0, end), at}, from(end)};
  }
};

Misread misread(const Part& part, std::string what) {
  return {part.at, std::move(what)};
}

std::string quoted(std::string_view text) {
  return "`" + std::string(text) + "`";
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
  // !(..): NaN is read as a number, too.
  if (error != std::errc() || rest != text.data() + text.size() || !(number >= 0 && number <= 1))
    return common::base::fail(common::base::ErrorKind::configuration, "");
  return number;
}

// NAME, `phase NAME` or `fault NAME`.
Read<void> read_name(const Part& part, Expectation& out) {
  if (part.text.empty()) return misread(part, "the name of a phase or a fault is missing here");
  auto [word, rest] = part.first_word();
  out.window = Window::named;
  Part name = part;
  if (!rest.text.empty() && (word.text == "phase" || word.text == "fault")) {
    out.window = word.text == "phase" ? Window::phase : Window::fault;
    name = rest;
  }
  out.name = name.text;
  out.name_at = name.at;
  return {};
}

// `DURATION after NAME`
Read<void> read_within(const Part& part, const Metric& metric, Expectation& out) {
  auto [length, rest] = part.first_word();
  const auto within = common::base::parse_duration(length.text);
  if (!within) return misread(length, "`within` takes a duration like 60s, not " + quoted(length.text));
  auto [word, name] = rest.first_word();
  if (word.text != "after")
    return misread(word, "after `within " + std::string(length.text) + "` comes `after NAME`" +
                             (word.text.empty() ? "" : ", not " + quoted(rest.text)));
  if (metric.scope != Scope::moment) {
    std::string momentary;
    for (const Metric& other : metrics())
      if (other.scope == Scope::moment) momentary += (momentary.empty() ? "" : ", ") + quoted(other.name);
    return misread(part, quoted(metric.name) + " has no value at a moment; `within` can be asked of " + momentary);
  }
  out.within = *within;
  out.after = true;
  return read_name(name, out);
}

// What follows the value.
Read<void> read_window(const Part& part, const Metric& metric, Expectation& out) {
  if (part.text.empty()) return {};
  auto [word, rest] = part.first_word();
  if (word.text == "within") return read_within(rest, metric, out);
  if (word.text != "during" || rest.text.empty())
    return misread(part, quoted(part.text) + " after the value is not `during NAME` or `within DURATION after NAME`");
  if (metric.scope == Scope::run || metric.scope == Scope::finding)
    return misread(part,
                   quoted(metric.name) + " is measured over the whole run; it cannot be asked " + quoted(part.text));
  return read_name(rest, out);
}

Misread unknown_metric(const Part& part) {
  const std::string meant = common::base::nearest(part.text, metric_names());
  return misread(part,
                 "the metric " + quoted(part.text) + " is unknown" +
                     (meant.empty() ? "; docs/scenarios.md lists them" : "; did you mean " + quoted(meant) + "?"));
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

Read<Sides> split_comparison(std::string_view text) {
  const Part whole = Part{text, 0}.trimmed();
  std::size_t wrong = whole.at;
  if (const std::size_t at = text.find_first_of("=!<>"); at != std::string_view::npos) {
    wrong = at;
    for (const auto& [symbol, comparison] : kSigns) {
      if (text.substr(at, symbol.size()) != symbol) continue;
      const Part left = Part{text.substr(0, at), 0}.trimmed();
      const Part right = Part{text, 0}.from(at + symbol.size());
      if (left.text.empty() || right.text.empty()) break;
      return Sides{std::string(left.text), comparison, std::string(right.text), left.at, right.at};
    }
  }
  return Misread{wrong, quoted(whole.text) + " is not `NAME OP VALUE` with OP one of ==, !=, <, <=, >, >="};
}

Read<Expectation> parse_expectation(std::string_view text) {
  const auto sides = split_comparison(text);
  if (!sides) return sides.error();
  Expectation expectation;
  expectation.text = Part{text, 0}.trimmed().text;
  expectation.metric = sides->left;
  expectation.comparison = sides->comparison;
  const Metric* metric = find_metric(sides->left);
  if (metric == nullptr) return unknown_metric({sides->left, sides->left_at});
  const auto [value, rest] = Part{sides->right, sides->right_at}.first_word();
  const auto number = parse_value(std::string(value.text), metric->unit);
  if (!number)
    return misread(value, quoted(expectation.metric) + " is compared with " + std::string(unit_words(metric->unit)) +
                              ", not " + quoted(value.text));
  expectation.value = *number;
  expectation.is_duration = metric->unit == Unit::duration;
  if (const auto read = read_window(rest, *metric, expectation); !read) return read.error();
  return expectation;
}

Read<void> place(Expectation& expectation, const std::vector<std::string>& phases,
                 const std::vector<std::string>& faults) {
  if (expectation.window == Window::run) return {};
  const auto has = [&](const std::vector<std::string>& names) {
    return std::count(names.begin(), names.end(), expectation.name) > 0;
  };
  const std::string name = quoted(expectation.name);
  if (expectation.window == Window::named) {
    if (has(phases) && has(faults))
      return Misread{expectation.name_at, name + " is a phase and a fault; write `phase " + expectation.name +
                                              "` or `fault " + expectation.name + "`"};
    expectation.window = has(faults) ? Window::fault : has(phases) ? Window::phase : Window::named;
  }
  const bool fault = expectation.window == Window::fault;
  if (expectation.window != Window::named && has(fault ? faults : phases)) return {};
  std::vector<std::string> names;
  if (expectation.window != Window::fault) names = phases;
  if (expectation.window != Window::phase) names.insert(names.end(), faults.begin(), faults.end());
  const std::string meant = common::base::nearest(expectation.name, names);
  const char* kind = fault ? "fault " : expectation.window == Window::phase ? "phase " : "phase or fault ";
  return Misread{expectation.name_at, "there is no " + std::string(kind) + name +
                                          (meant.empty() ? "" : "; did you mean " + quoted(meant) + "?")};
}

}  // namespace coordinator::scenario
