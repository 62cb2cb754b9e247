#include "common/protocol/fault_parameters.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include "common/base/assert.h"
#include "common/base/json_text.h"
#include "common/base/units.h"

namespace common::protocol {

using base::Result;
using nlohmann::json;

namespace {

Result<double> parse_real(std::string_view text, const char* examples) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && rest == text.data() + text.size() && std::isfinite(value)) return value;
  return base::fail(base::ErrorKind::configuration, "`" + std::string(text) + "` is not one of the forms " + examples);
}

Result<double> parse_percent(std::string_view text) {
  const auto value = text.ends_with('%') ? parse_real(text.substr(0, text.size() - 1), "") : parse_real("", "");
  if (value.has_value()) return value;
  return base::fail(base::ErrorKind::configuration, "`" + std::string(text) + "` is not one of the forms 20%, 0.5%");
}

// Bits and bytes: 8 to 1, and nobody is to guess which.
Result<double> parse_bandwidth(std::string_view text) {
  static constexpr std::pair<std::string_view, double> kUnits[] = {
      {"Gbit/s", 125e6}, {"Mbit/s", 125e3},       {"kbit/s", 125},      {"GB/s", 1e9},     {"MB/s", 1e6},
      {"KB/s", 1e3},     {"GiB/s", 1073741824.0}, {"MiB/s", 1048576.0}, {"KiB/s", 1024.0}, {"B/s", 1}};
  for (const auto& [unit, factor] : kUnits) {
    if (!text.ends_with(unit)) continue;
    const auto value = parse_real(text.substr(0, text.size() - unit.size()), "");
    if (value.has_value() && *value >= 0) return *value * factor;
  }
  return base::fail(base::ErrorKind::configuration,
                    "`" + std::string(text) + "` is not one of the forms 10Mbit/s, 1.5MB/s, 512KiB/s");
}

Result<double> parse_signed_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto value = base::parse_duration(negative ? text.substr(1) : text);
  if (value.has_error()) return value.error();
  return static_cast<double>(negative ? -*value : *value);
}

Result<double> parse_quantity(const FaultParameter& parameter, const std::string& text) {
  switch (parameter.type) {
    case ParameterType::duration:
      return parse_signed_duration(text);
    case ParameterType::bytes: {
      const auto value = base::parse_bytes(text);
      return value.has_error() ? Result<double>(value.error()) : Result<double>(static_cast<double>(*value));
    }
    case ParameterType::rate:
      return parse_bandwidth(text);
    case ParameterType::count: {
      const auto value = base::parse_count(text);
      return value.has_error() ? Result<double>(value.error()) : Result<double>(static_cast<double>(*value));
    }
    case ParameterType::percent:
      return parse_percent(text);
    default:
      return parse_real(text, "1, 0.5");
  }
}

std::string shown(const FaultParameter& parameter, double value) {
  switch (parameter.type) {
    case ParameterType::duration:
      return base::duration_text(static_cast<base::Nanos>(value));
    case ParameterType::bytes:
      return base::bytes_text(static_cast<std::int64_t>(value));
    case ParameterType::rate:
      return base::bytes_text(static_cast<std::int64_t>(value)) + "/s";
    default:
      break;
  }
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + (parameter.type == ParameterType::percent ? "%" : "");
}

// "" or what is wrong.
std::string out_of_range(const FaultParameter& parameter, double value) {
  if (value >= parameter.least && value <= parameter.most) return "";
  if (parameter.most >= 9e18) return "must be at least " + shown(parameter, parameter.least);
  return "must be from " + shown(parameter, parameter.least) + " to " + shown(parameter, parameter.most);
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "`" : ", `") + word + "`";
  return text;
}

std::vector<std::string> split_at_commas(const std::vector<std::string>& words) {
  std::vector<std::string> items;
  for (const auto& word : words) {
    std::size_t begin = 0;
    while (begin <= word.size()) {
      std::size_t end = std::min(word.find(',', begin), word.size());
      std::string item = word.substr(begin, end - begin);
      item.erase(0, item.find_first_not_of(' '));
      item.erase(item.find_last_not_of(' ') + 1);
      if (!item.empty()) items.push_back(std::move(item));
      begin = end + 1;
    }
  }
  return items;
}

using Value = std::variant<std::int64_t, double, std::string, std::vector<std::string>>;

// `why`: what is wrong with it, if anything is.
Value value_of(const FaultParameter& parameter, const std::vector<std::string>& items, std::string& why) {
  if (parameter.type == ParameterType::list || parameter.type == ParameterType::peers) {
    auto split = split_at_commas(items);
    if (split.empty()) why = "must name one at least; without it, it is all";
    return split;
  }
  if (items.size() != 1) {
    why = "must be one value, not a list";
    return std::int64_t{0};
  }
  const std::string& text = items.front();
  if (parameter.type == ParameterType::flag) {
    if (text != "true" && text != "false") why = "must be true or false, not `" + text + "`";
    return std::int64_t{text == "true"};
  }
  if (parameter.type == ParameterType::choice) {
    const auto choices = words_of(parameter.choices);
    if (std::find(choices.begin(), choices.end(), text) == choices.end())
      why = "must be one of " + listed(choices) + ", not `" + text + "`";
    return text;
  }
  if (parameter.type == ParameterType::text || parameter.type == ParameterType::topic) {
    if (text.empty()) why = "must not be empty";
    return text;
  }
  const auto quantity = parse_quantity(parameter, text);
  if (quantity.has_error()) {
    why = "is wrong: " + quantity.error().what;
    return std::int64_t{0};
  }
  if (const std::string range = out_of_range(parameter, *quantity); !range.empty()) why = range + ", not " + text;
  const bool real = parameter.type == ParameterType::number || parameter.type == ParameterType::percent;
  return real ? Value(*quantity) : Value(static_cast<std::int64_t>(std::llround(*quantity)));
}

void check_names(const FaultDescription& fault, const FaultWords& words, base::Problems& problems) {
  std::vector<std::string> known;
  for (const auto& parameter : fault.parameters) known.emplace_back(parameter.name);
  for (const auto& [name, unused] : words) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string meant = base::nearest(name, known);
    problems.push_back({name, "is unknown to the fault `" + std::string(fault.name) + "`" +
                                  (!meant.empty()  ? "; did you mean `" + meant + "`?"
                                   : known.empty() ? ", which has no parameters"
                                                   : ", which takes " + listed(known))});
  }
}

}  // namespace

json words_json(const FaultWords& words) {
  json object = json::object();
  for (const auto& [name, items] : words) object[name] = items.size() == 1 ? json(items.front()) : json(items);
  return object;
}

FaultWords words_from(const json& object, const std::string& path, base::Problems& problems) {
  FaultWords words;
  if (!object.is_object()) {
    problems.push_back({path, "must be an object"});
    return words;
  }
  for (const auto& [name, value] : object.items()) {
    auto& items = words[name];
    for (const json& item : value.is_array() ? value : json::array({value})) {
      if (item.is_string())
        items.push_back(item.get<std::string>());
      else if (item.is_number() || item.is_boolean())
        items.push_back(base::json_text(item));
      else
        problems.push_back({path + "." + name, "must be a text, a number, true or false, or a list of them"});
    }
  }
  return words;
}

FaultParameters FaultParameters::read(const FaultDescription& fault, const FaultWords& words,
                                      base::Problems& problems) {
  FaultParameters read;
  check_names(fault, words, problems);
  for (const auto& parameter : fault.parameters) {
    const std::string name(parameter.name);
    const auto given = words.find(name);
    if (given == words.end() && parameter.required)
      problems.push_back({name, "is missing: " + std::string(parameter.what)});
    if (given == words.end() && parameter.fallback.empty()) continue;
    const std::vector<std::string> items =
        given == words.end() ? std::vector<std::string>{std::string(parameter.fallback)} : given->second;
    std::string why;
    auto value = value_of(parameter, items, why);
    if (why.empty())
      read.values_[name] = std::move(value);
    else
      problems.push_back({name, why});
  }
  return read;
}

std::int64_t FaultParameters::whole(std::string_view name) const {
  const auto found = values_.find(name);
  FIREDRILL_ASSERT(found != values_.end() && std::holds_alternative<std::int64_t>(found->second));
  return std::get<std::int64_t>(found->second);
}

double FaultParameters::number(std::string_view name) const {
  const auto found = values_.find(name);
  FIREDRILL_ASSERT(found != values_.end() && std::holds_alternative<double>(found->second));
  return std::get<double>(found->second);
}

const std::string& FaultParameters::text(std::string_view name) const {
  const auto found = values_.find(name);
  FIREDRILL_ASSERT(found != values_.end() && std::holds_alternative<std::string>(found->second));
  return std::get<std::string>(found->second);
}

const std::vector<std::string>& FaultParameters::list(std::string_view name) const {
  static const std::vector<std::string> kNone;
  const auto found = values_.find(name);
  if (found == values_.end()) return kNone;
  FIREDRILL_ASSERT(std::holds_alternative<std::vector<std::string>>(found->second));
  return std::get<std::vector<std::string>>(found->second);
}

}  // namespace common::protocol
