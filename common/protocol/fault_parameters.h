// The parameters of one fault, read strictly by its row of the catalogue: units are mandatory, all mistakes are told at
// once. Values stay as they were written until then: in a scenario, on the command line, over REST. Immutable.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/clock.h"
#include "common/base/json_fields.h"
#include "common/protocol/fault_catalogue.h"

namespace common::protocol {

// By parameter: one word, or the items of a list.
using FaultWords = std::map<std::string, std::vector<std::string>>;

nlohmann::json words_json(const FaultWords& words);  // {"delay": "100ms", "peers": ["198.18.0.2"]}
// Texts, numbers, booleans, and lists of them.
FaultWords words_from(const nlohmann::json& object, const std::string& path, base::Problems& problems);

class FaultParameters {
 public:
  // Each mistake has the parameter's name as its path.
  static FaultParameters read(const FaultDescription& fault, const FaultWords& words, base::Problems& problems);

  // Only names that the row has, by their type. What is absent and has no fallback is not to be asked for.
  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  base::Nanos duration(std::string_view name) const { return whole(name); }
  std::int64_t bytes(std::string_view name) const { return whole(name); }
  std::int64_t rate(std::string_view name) const { return whole(name); }  // bytes per second
  std::int64_t count(std::string_view name) const { return whole(name); }
  double number(std::string_view name) const;
  double percent(std::string_view name) const { return number(name); }  // 0 .. 100
  bool flag(std::string_view name) const { return whole(name) != 0; }
  const std::string& text(std::string_view name) const;               // also a choice, a topic
  const std::vector<std::string>& list(std::string_view name) const;  // also peers; absent: empty

 private:
  using Value = std::variant<std::int64_t, double, std::string, std::vector<std::string>>;
  std::int64_t whole(std::string_view name) const;
  std::map<std::string, Value, std::less<>> values_;
};

}  // namespace common::protocol
