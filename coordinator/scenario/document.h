// A YAML document as a tree that remembers where everything stood, so that a mistake can be shown at its line and
// column. yaml-cpp (and its exceptions) stay in the .cpp. Pure data.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace coordinator::scenario {

struct Entry;
struct Node {
  enum class Kind { nothing, scalar, list, map };
  Kind kind = Kind::nothing;
  std::string text;            // of a scalar, as written
  int line = 1;                // from 1
  int column = 1;              // from 1
  bool quoted = false;         // a scalar in quotes, or a block
  std::vector<Node> items;     // of a list
  std::vector<Entry> entries;  // of a map, in the order written
};
struct Entry {
  Node key;
  Node value;
};

struct Mistake {
  int line = 1;
  int column = 1;
  std::string what;
  auto operator<=>(const Mistake&) const = default;
};

// One Error (configuration): a line for each mistake, `FILE:LINE:COLUMN: what`, sorted by place, each once.
common::base::Error to_error(const std::string& file, std::vector<Mistake> mistakes);

// Refuses duplicate keys, keys that are not scalars, several documents, more than 100,000 nodes (aliases count
// unfolded).
common::base::Result<Node> parse_document(std::string_view text, const std::string& file);

}  // namespace coordinator::scenario
