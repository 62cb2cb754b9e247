// Strict reading of one map of a scenario: units are mandatory, parameters are filled in (`${rate}`), and every
// missing, mistyped and unknown field is collected with its place, so that one answer tells all mistakes. Lives on the
// stack.
//
//   Section section(node, "a topic", reading);
//   topic.name = section.text("name", required);
//   topic.partitions = section.count("partitions", 1, 1, 10'000);
//   section.finish();                       // unknown fields, with the nearest known name
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.h"
#include "coordinator/scenario/document.h"

namespace coordinator::scenario {

// What is shared while one document is read: the parameters in force and the mistakes so far.
struct Reading {
  std::map<std::string, std::string> values;
  std::vector<Mistake> mistakes;

  void mistake(const Node& at, std::string what) { mistakes.push_back({at.line, at.column, std::move(what)}); }
  // The text of a scalar with ${names} replaced; a name that is not known is a mistake and stays as it is.
  std::string filled(const Node& scalar);
};

inline constexpr struct Required {
} required;

class Section {
 public:
  using Words = std::vector<std::string_view>;

  // `what`: "a topic", "the scenario", for messages. A node that is no map is a mistake, and the section reads as
  // empty.
  Section(const Node& node, std::string what, Reading& reading);

  bool has(std::string_view name);            // marks it as known
  bool unknown(std::string_view name) const;  // nobody has asked for it yet
  const Node& node() const { return node_; }
  Reading& reading() { return reading_; }

  std::string text(std::string_view name, Required);
  std::string text(std::string_view name, std::string otherwise);
  std::string word(std::string_view name, const Words& words, Required);
  std::string word(std::string_view name, const Words& words, std::string otherwise);
  bool flag(std::string_view name, bool otherwise);
  std::int64_t count(std::string_view name, std::int64_t otherwise, std::int64_t low,
                     std::int64_t high = std::numeric_limits<std::int64_t>::max());
  double number(std::string_view name, double otherwise, double low, double high);
  double rate(std::string_view name, double otherwise);  // "5k/s"
  common::base::Nanos duration(std::string_view name, Required);
  common::base::Nanos duration(std::string_view name, common::base::Nanos otherwise);
  // Words to words; what `check` says against one is a mistake at that one.
  using Check = std::function<common::base::Result<void>(const std::string& name, const std::string& value)>;
  std::map<std::string, std::string> properties(std::string_view name, const Check& check = {});
  std::vector<std::int64_t> counts(std::string_view name);

  // A nested value, marked as known; nullptr if it is absent or of another kind (which is a mistake).
  const Node* any(std::string_view name);
  const Node* list(std::string_view name);
  const Node* map(std::string_view name);

  // One text, or a list of them; nothing if it is absent or holds something else (which is a mistake).
  std::vector<std::string> texts(std::string_view name);

  const Node& place(std::string_view name) const;  // of the value, or of the section if it is absent
  void mistake(std::string_view name, std::string what) { reading_.mistake(place(name), std::move(what)); }
  void finish();

 private:
  const Node* find(std::string_view name);
  std::optional<std::string> scalar(std::string_view name, std::string_view expected);
  void missing(std::string_view name, std::string_view expected);

  const Node& node_;
  std::string what_;
  Reading& reading_;
  std::vector<std::string> known_;
};

// "a, b or c", for messages.
std::string one_of(const Section::Words& words);

}  // namespace coordinator::scenario
