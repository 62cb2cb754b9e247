#include "coordinator/scenario/section.h"

#include <algorithm>
#include <charconv>

#include "common/base/json_fields.h"
#include "common/base/units.h"

namespace coordinator::scenario {

using common::base::Nanos;

namespace {

std::string shown(const Node& node) {
  if (node.kind == Node::Kind::list) return "a list";
  if (node.kind == Node::Kind::map) return "a map";
  if (node.kind == Node::Kind::nothing) return "nothing";
  return "`" + node.text + "`";
}

}  // namespace

std::string one_of(const Section::Words& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += "`" + std::string(words[i]) + "`";
  }
  return text;
}

std::string Reading::filled(const Node& scalar) {
  std::string text;
  std::string_view rest = scalar.text;
  while (true) {
    const std::size_t begin = rest.find("${");
    const std::size_t end = begin == std::string_view::npos ? begin : rest.find('}', begin);
    if (end == std::string_view::npos) break;
    const std::string name(rest.substr(begin + 2, end - begin - 2));
    text += rest.substr(0, begin);
    if (const auto value = values.find(name); value != values.end()) {
      text += value->second;
    } else {
      std::vector<std::string> names;
      for (const auto& [known, unused] : values) names.push_back(known);
      const std::string meant = common::base::nearest(name, names);
      mistake(scalar,
              "the parameter `" + name + "` is unknown" + (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
      text += rest.substr(begin, end - begin + 1);
    }
    rest.remove_prefix(end + 1);
  }
  text += rest;
  return text;
}

Section::Section(const Node& node, std::string what, Reading& reading)
    : node_(node), what_(std::move(what)), reading_(reading) {
  if (node.kind != Node::Kind::map) reading.mistake(node, what_ + " must be a map of fields, not " + shown(node));
}

const Node* Section::find(std::string_view name) {
  known_.emplace_back(name);
  for (const auto& [key, value] : node_.entries)
    if (key.text == name) return &value;
  return nullptr;
}

const Node& Section::place(std::string_view name) const {
  for (const auto& [key, value] : node_.entries)
    if (key.text == name) return value;
  return node_;
}

bool Section::unknown(std::string_view name) const {
  return std::find(known_.begin(), known_.end(), name) == known_.end();
}

bool Section::has(std::string_view name) {
  return find(name) != nullptr;
}

void Section::missing(std::string_view name, std::string_view expected) {
  if (node_.kind != Node::Kind::map) return;  // said already
  reading_.mistake(node_, what_ + " lacks `" + std::string(name) + "`: " + std::string(expected));
}

std::optional<std::string> Section::scalar(std::string_view name, std::string_view expected) {
  const Node* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->kind != Node::Kind::scalar) {
    reading_.mistake(*value, "`" + std::string(name) + "` must be " + std::string(expected) + ", not " + shown(*value));
    return std::nullopt;
  }
  const std::size_t mistakes = reading_.mistakes.size();
  std::string text = reading_.filled(*value);
  if (reading_.mistakes.size() > mistakes)
    return std::nullopt;  // an unknown parameter: what it would have been is unknown
  return text;
}

std::string Section::text(std::string_view name, std::string otherwise) {
  return scalar(name, "a text").value_or(std::move(otherwise));
}

std::string Section::text(std::string_view name, Required) {
  if (!has(name)) missing(name, "a text");
  std::string value = text(name, std::string());
  if (const Node& at = place(name); &at != &node_ && at.kind == Node::Kind::scalar && at.text.empty())
    reading_.mistake(at, "`" + std::string(name) + "` must not be empty");
  return value;
}

std::string Section::word(std::string_view name, const Words& words, std::string otherwise) {
  const auto value = scalar(name, "one of " + one_of(words));
  if (!value) return otherwise;
  if (std::find(words.begin(), words.end(), *value) != words.end()) return *value;
  const std::string meant = common::base::nearest(*value, {words.begin(), words.end()});
  mistake(name, "`" + std::string(name) + "` must be " + one_of(words) + ", not `" + *value + "`" +
                    (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
  return otherwise;
}

std::string Section::word(std::string_view name, const Words& words, Required) {
  if (!has(name)) missing(name, one_of(words));
  return word(name, words, std::string());
}

bool Section::flag(std::string_view name, bool otherwise) {
  const auto value = scalar(name, "`true` or `false`");
  if (!value || *value == "true" || *value == "false") return value ? *value == "true" : otherwise;
  mistake(name, "`" + std::string(name) + "` must be `true` or `false`, not `" + *value + "`");
  return otherwise;
}

std::int64_t Section::count(std::string_view name, std::int64_t otherwise, std::int64_t low, std::int64_t high) {
  const auto value = scalar(name, "a number");
  if (!value) return otherwise;
  const auto number = common::base::parse_count(*value);
  if (!number) {
    mistake(name, "`" + std::string(name) + "`: " + number.error().what);
    return otherwise;
  }
  if (*number >= low && *number <= high) return *number;
  const std::string range = high == std::numeric_limits<std::int64_t>::max()
                                ? "at least " + std::to_string(low)
                                : "from " + std::to_string(low) + " to " + std::to_string(high);
  mistake(name, "`" + std::string(name) + "` must be " + range + ", not " + *value);
  return otherwise;
}

double Section::number(std::string_view name, double otherwise, double low, double high) {
  const auto value = scalar(name, "a number");
  if (!value) return otherwise;
  double number = 0;
  const auto [rest, error] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (error == std::errc() && rest == value->data() + value->size() && number >= low && number <= high) return number;
  mistake(name, "`" + std::string(name) + "` must be a number from " +
                    common::base::count_text(static_cast<std::int64_t>(low)) + " to " +
                    common::base::count_text(static_cast<std::int64_t>(high)) + ", not `" + *value + "`");
  return otherwise;
}

double Section::rate(std::string_view name, double otherwise) {
  const auto value = scalar(name, "a rate like 5k/s");
  if (!value) return otherwise;
  const auto rate = common::base::parse_rate(*value);
  if (rate && *rate > 0) return *rate;
  mistake(name, "`" + std::string(name) + "`" +
                    (rate ? " must be more than 0/s; without it, it is flat out" : ": " + rate.error().what));
  return otherwise;
}

Nanos Section::duration(std::string_view name, Nanos otherwise) {
  const auto value = scalar(name, "a duration like 5s");
  if (!value) return otherwise;
  const auto duration = common::base::parse_duration(*value);
  if (duration) return *duration;
  mistake(name, "`" + std::string(name) + "`: " + duration.error().what);
  return otherwise;
}

Nanos Section::duration(std::string_view name, Required) {
  if (!has(name)) missing(name, "a duration like 5s");
  return duration(name, Nanos{0});
}

std::map<std::string, std::string> Section::properties(std::string_view name, const Check& check) {
  std::map<std::string, std::string> values;
  const Node* node = map(name);
  if (node == nullptr) return values;
  for (const auto& [key, value] : node->entries) {
    if (value.kind != Node::Kind::scalar) {
      reading_.mistake(value, "`" + key.text + "` must be a text, not " + shown(value));
      continue;
    }
    const std::string& filled = values[key.text] = reading_.filled(value);
    if (!check) continue;
    if (const auto checked = check(key.text, filled); checked.has_error()) reading_.mistake(key, checked.error().what);
  }
  return values;
}

std::vector<std::int64_t> Section::counts(std::string_view name) {
  std::vector<std::int64_t> values;
  const Node* node = list(name);
  if (node == nullptr) return values;
  for (const Node& item : node->items) {
    const auto number = common::base::parse_count(item.kind == Node::Kind::scalar ? reading_.filled(item) : "");
    if (number)
      values.push_back(*number);
    else
      reading_.mistake(item, "`" + std::string(name) + "` must hold numbers, not " + shown(item));
  }
  return values;
}

std::vector<std::string> Section::texts(std::string_view name) {
  const Node* value = find(name);
  if (value == nullptr) return {};
  std::vector<std::string> texts;
  for (const Node* item : [&] {
         std::vector<const Node*> items;
         if (value->kind == Node::Kind::list)
           for (const Node& each : value->items) items.push_back(&each);
         else
           items.push_back(value);
         return items;
       }()) {
    if (item->kind == Node::Kind::scalar)
      texts.push_back(reading_.filled(*item));
    else
      reading_.mistake(*item, "`" + std::string(name) + "` must be a text or a list of texts, not " + shown(*item));
  }
  return texts;
}

const Node* Section::any(std::string_view name) {
  return find(name);
}

const Node* Section::list(std::string_view name) {
  const Node* value = find(name);
  if (value == nullptr || value->kind == Node::Kind::list) return value;
  reading_.mistake(*value, "`" + std::string(name) + "` must be a list, not " + shown(*value));
  return nullptr;
}

const Node* Section::map(std::string_view name) {
  const Node* value = find(name);
  if (value == nullptr || value->kind == Node::Kind::map) return value;
  reading_.mistake(*value, "`" + std::string(name) + "` must be a map, not " + shown(*value));
  return nullptr;
}

void Section::finish() {
  for (const auto& [key, value] : node_.entries) {
    if (std::find(known_.begin(), known_.end(), key.text) != known_.end()) continue;
    const std::string meant = common::base::nearest(key.text, known_);
    std::string what = "`" + key.text + "` is unknown in " + what_;
    if (meant.empty()) {
      Words words;
      for (const std::string& name : known_)
        if (std::find(words.begin(), words.end(), name) == words.end()) words.emplace_back(name);
      what += "; it takes " + one_of(words);
    } else {
      what += "; did you mean `" + meant + "`?";
    }
    reading_.mistake(key, what);
  }
}

}  // namespace coordinator::scenario
