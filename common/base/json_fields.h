// Strict reading of one JSON object: every missing, mistyped, out-of-range and unknown field is collected, each with
// its path ("phases[2].fault.kind"), so that one answer names all mistakes at once. Not thread-safe; lives on the
// stack.
//
//   Problems problems;
//   Fields fields(json, "", problems);
//   fields.required("id", id);
//   fields.optional("rate", rate, 1, 10'000'000);
//   fields.finish();                       // unknown fields, with the nearest known name
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.h"

namespace common::base {

struct Problem {
  std::string path;     // "" is the object itself
  std::string message;  // "is missing; expected a string"
};
using Problems = std::vector<Problem>;

// One Error (configuration) that lists them all: "field `path` message; field ...".
Error to_error(const Problems& problems);

class Fields {
 public:
  Fields(const nlohmann::json& object, std::string path, Problems& problems);

  bool has(std::string_view name);  // present and not null; marks it as known

  void required(std::string_view name, std::string& out);
  void optional(std::string_view name, std::string& out);
  void required(std::string_view name, bool& out);
  void optional(std::string_view name, bool& out);
  void required(std::string_view name, std::int64_t& out, std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                std::int64_t high = std::numeric_limits<std::int64_t>::max());
  void optional(std::string_view name, std::int64_t& out, std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                std::int64_t high = std::numeric_limits<std::int64_t>::max());
  void required(std::string_view name, double& out, double low, double high);
  void optional(std::string_view name, double& out, double low, double high);
  void required(std::string_view name, std::vector<std::string>& out);
  void optional(std::string_view name, std::vector<std::string>& out);
  void optional(std::string_view name, std::map<std::string, std::string>& out);  // values: strings, numbers, booleans
  // One of the given words.
  void required(std::string_view name, std::string& out, const std::vector<std::string_view>& words);
  void optional(std::string_view name, std::string& out, const std::vector<std::string_view>& words);

  // A nested value, marked as known; nullptr if absent (`require` makes that a problem).
  const nlohmann::json* object(std::string_view name, bool require);
  const nlohmann::json* array(std::string_view name, bool require);
  const nlohmann::json* any(std::string_view name, bool require);

  std::string path_of(std::string_view name) const;
  void problem(std::string_view name, std::string message);
  void finish();  // reports unknown fields; call last

 private:
  const nlohmann::json* find(std::string_view name, bool require, const char* expected);
  const nlohmann::json* object_;
  std::string path_;
  Problems& problems_;
  std::vector<std::string> known_;
};

// Parses text into JSON; refuses duplicate keys, trailing text, invalid UTF-8. The error names the byte.
Result<nlohmann::json> parse_json(std::string_view text);

// The candidate nearest to `word` by edit distance, if it is near enough to be what was meant; else "".
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace common::base
