#include "workloads/evidence/history_reader_line.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace workloads::evidence {

namespace {
constexpr std::size_t kMostFields = 64;  // no event has as many; a line with more is wrong without looking at each
}

// Receives the parser's events and keeps what a history may hold; anything deeper becomes a field of type object or
// list, which then fits no field that expects a value.
struct HistoryLine::Handler {
  HistoryLine& line;
  std::string key;
  std::string outer;  // the object within the line that is open, if any
  int depth = 0;      // open objects
  int lists = 0;      // open lists
  int skipped = 0;    // depth inside something too deep
  bool is_object = false;

  Field* put(Type type) {
    if (skipped > 0) return nullptr;
    if (lists > 0) {
      Field& list = line.fields_.back();
      if (type != Type::integer) list.whole_list = false;
      return type == Type::integer ? &list : nullptr;
    }
    if (depth == 0) return nullptr;  // the line is not an object
    if (line.fields_.size() >= kMostFields) return nullptr;
    std::string path = depth == 1 ? key : outer + "." + key;
    Field field;
    field.path = std::move(path);
    field.type = type;
    line.fields_.push_back(std::move(field));
    return &line.fields_.back();
  }
  bool null() {
    put(Type::null);
    return true;
  }
  bool boolean(bool value) {
    if (Field* field = put(Type::flag)) field->flag = value;
    return true;
  }
  bool number_integer(std::int64_t value) {
    if (Field* field = put(Type::integer)) {
      if (lists > 0) {
        field->list.push_back(value);
      } else {
        field->integer = value;
      }
    }
    return true;
  }
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) {
      put(Type::real);
      return true;
    }
    return number_integer(static_cast<std::int64_t>(value));
  }
  bool number_float(double, const std::string&) {
    put(Type::real);
    return true;
  }
  bool string(std::string& value) {
    if (Field* field = put(Type::text)) field->text = std::move(value);
    return true;
  }
  bool binary(nlohmann::json::binary_t&) { return true; }
  bool start_object(std::size_t) {
    if (depth == 0 && lists == 0) {
      is_object = true;
      depth = 1;
      return true;
    }
    if (skipped > 0 || depth == 2 || lists > 0) {
      if (skipped == 0) put(Type::object);
      ++skipped;
      return true;
    }
    put(Type::object);
    outer = key;
    depth = 2;
    return true;
  }
  bool end_object() {
    if (skipped > 0) {
      --skipped;
    } else {
      --depth;
    }
    return true;
  }
  bool start_array(std::size_t) {
    if (skipped > 0 || lists > 0 || depth == 0) {
      if (lists > 0 && skipped == 0) line.fields_.back().whole_list = false;
      ++skipped;
      return true;
    }
    if (put(Type::list) == nullptr) {
      ++skipped;
    } else {
      lists = 1;
    }
    return true;
  }
  bool end_array() {
    if (skipped > 0) {
      --skipped;
    } else {
      lists = 0;
    }
    return true;
  }
  bool key_seen(const std::string& name) {
    const std::string path = depth == 1 ? name : outer + "." + name;
    if (line.find(path) != nullptr) line.problem(path, "stands twice");
    if (name.find('.') != std::string::npos) line.problem(path, "is unknown here");  // it would look like a path
    if (line.fields_.size() >= kMostFields) line.problem(path, "is one field too many");
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) {
    const std::string what = error.what();
    line.mistake_ = "is not JSON at byte " + std::to_string(position) + ": " + what.substr(what.find("] ") + 2);
    return false;
  }
};

namespace {
// nlohmann's interface names the callback of a key `key`, which is the name of our field.
template <typename Inner>
struct Sax : Inner {
  bool key(std::string& name) {
    Inner::key = name;
    if (Inner::skipped == 0) this->key_seen(name);
    return true;
  }
};
}  // namespace

HistoryLine::HistoryLine(std::string_view text) {
  if (text.empty()) {
    mistake_ = "is empty";
    return;
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    mistake_ = "begins with a byte order mark";
    return;
  }
  Sax<Handler> handler{{*this, {}, {}}};
  nlohmann::json::sax_parse(text.begin(), text.end(), &handler);
  if (mistake_.empty() && !handler.is_object) mistake_ = "is not a JSON object";
}

HistoryLine::Field* HistoryLine::find(std::string_view path) {
  for (Field& field : fields_)
    if (field.path == path) return &field;
  return nullptr;
}

void HistoryLine::problem(std::string_view path, std::string_view message) {
  if (mistake_.empty()) mistake_ = "field `" + std::string(path) + "` " + std::string(message);
}

void HistoryLine::mistyped(const Field& field, std::string_view expected) {
  std::string shown;
  switch (field.type) {
    case Type::null:
      shown = "null";
      break;
    case Type::flag:
      shown = field.flag ? "true" : "false";
      break;
    case Type::integer:
      shown = std::to_string(field.integer);
      break;
    case Type::real:
      shown = "a number that is not whole or too large";
      break;
    case Type::text:
      shown = "\"" + field.text.substr(0, 40) + "\"";
      break;
    case Type::object:
      shown = "an object";
      break;
    case Type::list:
      shown = "a list";
      break;
  }
  problem(field.path, "must be " + std::string(expected) + ", not " + shown);
}

HistoryLine::Field* HistoryLine::require(std::string_view path, std::string_view expected) {
  Field* field = find(path);
  if (field == nullptr) problem(path, "is missing; expected " + std::string(expected));
  return field;
}

bool HistoryLine::has(std::string_view path) {
  const Field* field = find(path);
  return field != nullptr && field->type != Type::null;
}

bool HistoryLine::is_null(std::string_view path) {
  Field* field = find(path);
  if (field == nullptr || field->type != Type::null) return false;
  field->used = true;
  return true;
}

std::string HistoryLine::text(std::string_view path) {
  Field* field = require(path, "a string");
  if (field == nullptr) return {};
  field->used = true;
  if (field->type != Type::text) mistyped(*field, "a string");
  return field->text;
}

std::string HistoryLine::optional_text(std::string_view path, bool& told) {
  told = find(path) != nullptr;
  return told ? text(path) : std::string();
}

std::int64_t HistoryLine::number(std::string_view path, std::int64_t low, std::int64_t high) {
  Field* field = require(path, "a whole number");
  if (field == nullptr) return low;
  field->used = true;
  if (field->type == Type::integer && field->integer >= low && field->integer <= high) return field->integer;
  std::string expected = "a whole number";
  if (low != INT64_MIN) expected += " from " + std::to_string(low);
  if (high != INT64_MAX) expected += " to " + std::to_string(high);
  mistyped(*field, expected);
  return low;
}

std::int64_t HistoryLine::optional_number(std::string_view path, std::int64_t otherwise, std::int64_t low,
                                          std::int64_t high) {
  return find(path) == nullptr ? otherwise : number(path, low, high);
}

bool HistoryLine::optional_flag(std::string_view path, bool otherwise) {
  Field* field = find(path);
  if (field == nullptr) return otherwise;
  field->used = true;
  if (field->type != Type::flag) mistyped(*field, "true or false");
  return field->flag;
}

std::vector<std::int64_t> HistoryLine::numbers(std::string_view path, std::int64_t high) {
  Field* field = find(path);
  if (field == nullptr) return {};
  field->used = true;
  const auto fits = [high](std::int64_t n) { return n >= 0 && n <= high; };
  if (field->type != Type::list) {
    mistyped(*field, "a list of whole numbers");
  } else if (!field->whole_list || !std::all_of(field->list.begin(), field->list.end(), fits)) {
    problem(path, "must hold whole numbers from 0 to " + std::to_string(high) + " only");
  }
  return field->list;
}

int HistoryLine::word(std::string_view path, std::initializer_list<std::string_view> words) {
  const std::string given = text(path);
  if (!mistake_.empty()) return 0;
  const auto found = std::find(words.begin(), words.end(), given);
  if (found != words.end()) return static_cast<int>(found - words.begin());
  std::string all;
  for (const auto word : words) all += (all.empty() ? "" : ", ") + std::string(word);
  mistyped(*find(path), "one of " + all);
  return 0;
}

int HistoryLine::optional_word(std::string_view path, int otherwise, std::initializer_list<std::string_view> words) {
  return find(path) == nullptr ? otherwise : word(path, words);
}

bool HistoryLine::optional_object(std::string_view path) {
  Field* field = find(path);
  if (field == nullptr) return false;
  field->used = true;
  if (field->type != Type::object) mistyped(*field, "an object");
  return field->type == Type::object;
}

void HistoryLine::finish() {
  for (const Field& field : fields_)
    if (!field.used) problem(field.path, "is unknown here");
}

}  // namespace workloads::evidence
