#include "common/base/json_fields.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "common/base/json_text.h"

namespace common::base {

using nlohmann::json;

namespace {

std::string shown(const json& value) {
  std::string text = json_text(value);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const auto word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

}  // namespace

Error to_error(const Problems& problems) {
  std::string what;
  for (const auto& problem : problems) {
    if (!what.empty()) what += "; ";
    what += problem.path.empty() ? problem.message : "field `" + problem.path + "` " + problem.message;
  }
  return fail(ErrorKind::configuration, what);
}

Fields::Fields(const json& object, std::string path, Problems& problems)
    : object_(&object), path_(std::move(path)), problems_(problems) {
  if (!object.is_object()) {
    problems_.push_back({path_, "must be an object, not " + shown(object)});
    static const json empty = json::object();
    object_ = &empty;
  }
}

std::string Fields::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

void Fields::problem(std::string_view name, std::string message) {
  problems_.push_back({path_of(name), std::move(message)});
}

const json* Fields::find(std::string_view name, bool require, const char* expected) {
  known_.emplace_back(name);
  const auto found = object_->find(name);
  if (found != object_->end() && !found->is_null()) return &*found;
  if (require) problem(name, std::string("is missing; expected ") + expected);
  return nullptr;
}

bool Fields::has(std::string_view name) {
  return find(name, false, "") != nullptr;
}

namespace {
template <typename Is, typename Set>
void read(const json* value, Fields& fields, std::string_view name, const char* expected, Is is, Set set) {
  if (value == nullptr) return;
  if (is(*value)) {
    set(*value);
  } else {
    fields.problem(name, std::string("must be ") + expected + ", not " + shown(*value));
  }
}
}  // namespace

void Fields::required(std::string_view name, std::string& out) {
  read(
      find(name, true, "a string"), *this, name, "a string", [](auto& v) { return v.is_string(); },
      [&](auto& v) { out = v.template get<std::string>(); });
}

void Fields::optional(std::string_view name, std::string& out) {
  read(
      find(name, false, ""), *this, name, "a string", [](auto& v) { return v.is_string(); },
      [&](auto& v) { out = v.template get<std::string>(); });
}

void Fields::required(std::string_view name, bool& out) {
  read(
      find(name, true, "true or false"), *this, name, "true or false", [](auto& v) { return v.is_boolean(); },
      [&](auto& v) { out = v.template get<bool>(); });
}

void Fields::optional(std::string_view name, bool& out) {
  read(
      find(name, false, ""), *this, name, "true or false", [](auto& v) { return v.is_boolean(); },
      [&](auto& v) { out = v.template get<bool>(); });
}

namespace {
void read_integer(const json* value, Fields& fields, std::string_view name, std::int64_t& out, std::int64_t low,
                  std::int64_t high) {
  if (value == nullptr) return;
  const bool fits =
      value->is_number_integer() && !(value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX);
  if (!fits || value->get<std::int64_t>() < low || value->get<std::int64_t>() > high) {
    std::string expected = "must be a whole number";
    if (low != std::numeric_limits<std::int64_t>::min()) expected += " from " + std::to_string(low);
    if (high != std::numeric_limits<std::int64_t>::max()) expected += " to " + std::to_string(high);
    fields.problem(name, expected + ", not " + shown(*value));
    return;
  }
  out = value->get<std::int64_t>();
}

void read_number(const json* value, Fields& fields, std::string_view name, double& out, double low, double high) {
  if (value == nullptr) return;
  if (!value->is_number() || value->get<double>() < low || value->get<double>() > high) {
    fields.problem(name,
                   "must be a number from " + shown(json(low)) + " to " + shown(json(high)) + ", not " + shown(*value));
    return;
  }
  out = value->get<double>();
}
}  // namespace

void Fields::required(std::string_view name, std::int64_t& out, std::int64_t low, std::int64_t high) {
  read_integer(find(name, true, "a whole number"), *this, name, out, low, high);
}

void Fields::optional(std::string_view name, std::int64_t& out, std::int64_t low, std::int64_t high) {
  read_integer(find(name, false, ""), *this, name, out, low, high);
}

void Fields::required(std::string_view name, double& out, double low, double high) {
  read_number(find(name, true, "a number"), *this, name, out, low, high);
}

void Fields::optional(std::string_view name, double& out, double low, double high) {
  read_number(find(name, false, ""), *this, name, out, low, high);
}

namespace {
void read_strings(const json* value, Fields& fields, std::string_view name, std::vector<std::string>& out) {
  if (value == nullptr) return;
  const bool right =
      value->is_array() && std::all_of(value->begin(), value->end(), [](auto& v) { return v.is_string(); });
  if (right) {
    out = value->get<std::vector<std::string>>();
  } else {
    fields.problem(name, "must be a list of strings, not " + shown(*value));
  }
}
}  // namespace

void Fields::required(std::string_view name, std::vector<std::string>& out) {
  read_strings(find(name, true, "a list of strings"), *this, name, out);
}

void Fields::optional(std::string_view name, std::vector<std::string>& out) {
  read_strings(find(name, false, ""), *this, name, out);
}

void Fields::optional(std::string_view name, std::map<std::string, std::string>& out) {
  const json* value = object(name, false);
  if (value == nullptr) return;
  for (const auto& [key, v] : value->items()) {
    if (v.is_string()) {
      out[key] = v.get<std::string>();
    } else if (v.is_number() || v.is_boolean()) {
      out[key] = json_text(v);
    } else {
      problem(std::string(name) + "." + key, "must be a string, a number or a boolean, not " + shown(v));
    }
  }
}

void Fields::required(std::string_view name, std::string& out, const std::vector<std::string_view>& words) {
  if (find(name, true, "") == nullptr) {
    problems_.back().message = "is missing; expected one of " + joined(words);
    return;
  }
  optional(name, out, words);
}

void Fields::optional(std::string_view name, std::string& out, const std::vector<std::string_view>& words) {
  const json* value = find(name, false, "");
  if (value == nullptr) return;
  if (!value->is_string() || std::find(words.begin(), words.end(), value->get<std::string>()) == words.end()) {
    problem(name, "must be one of " + joined(words) + ", not " + shown(*value));
    return;
  }
  out = value->get<std::string>();
}

const json* Fields::object(std::string_view name, bool require) {
  const json* value = find(name, require, "an object");
  if (value != nullptr && !value->is_object()) {
    problem(name, "must be an object, not " + shown(*value));
    return nullptr;
  }
  return value;
}

const json* Fields::array(std::string_view name, bool require) {
  const json* value = find(name, require, "a list");
  if (value != nullptr && !value->is_array()) {
    problem(name, "must be a list, not " + shown(*value));
    return nullptr;
  }
  return value;
}

const json* Fields::any(std::string_view name, bool require) {
  return find(name, require, "a value");
}

void Fields::finish() {
  for (const auto& [key, value] : object_->items()) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const std::string meant = nearest(key, known_);
    problem(key, "is unknown" + (meant.empty() ? std::string() : "; did you mean `" + meant + "`?"));
  }
}

Result<json> parse_json(std::string_view text) {
  // nlohmann keeps the last of two equal keys; the callback sees each, one set of names per open object.
  std::vector<std::set<std::string>> open;
  std::string duplicate;
  const auto watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second && duplicate.empty())
      duplicate = parsed.get<std::string>();
    return true;
  };
  try {
    json value = json::parse(text, watch);
    if (!duplicate.empty())
      return fail(ErrorKind::configuration, "the key `" + duplicate + "` stands twice in one object");
    return Result<json>(in_place, std::move(value));
  } catch (const json::parse_error& error) {
    return fail(ErrorKind::configuration,
                "is not JSON at byte " + std::to_string(error.byte) + ": " +
                    std::string(error.what()).substr(std::string(error.what()).find("] ") + 2));
  }
}

namespace {

// Edit distance in which a swap of neighbours ("acsk") is one mistake, as it is for a typist (optimal string
// alignment).
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before(to.size() + 1), last(to.size() + 1), row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = 1 + std::max<std::size_t>(1, word.size() / 3);
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace common::base
