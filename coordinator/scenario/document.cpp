#include "coordinator/scenario/document.h"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace coordinator::scenario {

using common::base::Error;
using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

namespace {

constexpr std::size_t kMaxNodes = 100'000;  // aliases are unfolded: a few lines could otherwise mean 10^9 nodes
constexpr int kMaxDepth = 50;

class Copier {
 public:
  std::vector<Mistake> mistakes;

  Node copy(const YAML::Node& from, int depth) {
    Node to;
    to.line = std::max(1, from.Mark().line + 1);
    to.column = std::max(1, from.Mark().column + 1);
    if (++nodes_ > kMaxNodes || depth > kMaxDepth) {
      if (mistakes.empty() || mistakes.back().what != kTooLarge) mistakes.push_back({to.line, to.column, kTooLarge});
      return to;
    }
    if (from.IsScalar()) {
      to.kind = Node::Kind::scalar;
      to.text = from.Scalar();
      to.quoted = from.Tag() == "!";
    } else if (from.IsSequence()) {
      to.kind = Node::Kind::list;
      for (const auto& item : from) {
        to.items.push_back(copy(item, depth + 1));
        if (nodes_ > kMaxNodes) break;
      }
    } else if (from.IsMap()) {
      copy_map(from, to, depth);
    }
    return to;
  }

 private:
  static constexpr const char* kTooLarge = "the document is too large or too deep (aliases count unfolded)";

  void copy_map(const YAML::Node& from, Node& to, int depth) {
    to.kind = Node::Kind::map;
    std::set<std::string> keys;
    for (const auto& entry : from) {
      Node key = copy(entry.first, depth + 1);
      if (key.kind != Node::Kind::scalar)
        mistakes.push_back({key.line, key.column, "a key must be a word, not a list or a map"});
      else if (!keys.insert(key.text).second)
        mistakes.push_back({key.line, key.column, "`" + key.text + "` stands twice here"});
      to.entries.push_back({std::move(key), copy(entry.second, depth + 1)});
      if (nodes_ > kMaxNodes) break;
    }
  }

  std::size_t nodes_ = 0;
};

// Where the second document begins. yaml-cpp's own LoadAll never ends on some broken files (">\n, #---\n|\n? "): it
// makes empty documents of what it cannot use, until memory is full. So no more than two are ever asked for.
class Documents final : public YAML::EventHandler {
 public:
  static std::optional<YAML::Mark> second(const std::string& text) {
    std::istringstream in(text);
    YAML::Parser parser(in);
    Documents documents;
    if (!parser.HandleNextDocument(documents)) return std::nullopt;
    documents.first_.reset();
    if (!parser.HandleNextDocument(documents)) return std::nullopt;
    return documents.first_;
  }

  void OnDocumentStart(const YAML::Mark& mark) override { begun_ = mark; }
  void OnDocumentEnd() override { node(begun_); }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { node(mark); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { node(mark); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string&) override { node(mark); }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    node(mark);
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    node(mark);
  }
  void OnMapEnd() override {}

 private:
  void node(const YAML::Mark& mark) {
    if (!first_) first_ = mark;
  }
  YAML::Mark begun_;
  std::optional<YAML::Mark> first_;
};

// Bytes of the character that begins there, if it is well-formed UTF-8 (RFC 3629); else 0.
std::size_t character(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&byte](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return follows(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef)
    return follows(1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf) && follows(2) ? 3 : 0;
  if (lead >= 0xf0 && lead <= 0xf4)
    return follows(1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

// A plan is JSON, which holds nothing else.
std::vector<Mistake> not_utf8(std::string_view text) {
  int line = 1, column = 1;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t bytes = character(text.substr(i));
    if (bytes == 0) return {{line, column, "is not UTF-8"}};
    column = text[i] == '\n' ? 1 : column + 1;
    line += text[i] == '\n' ? 1 : 0;
    i += bytes;
  }
  return {};
}

}  // namespace

Error to_error(const std::string& file, std::vector<Mistake> mistakes) {
  std::sort(mistakes.begin(), mistakes.end());
  mistakes.erase(std::unique(mistakes.begin(), mistakes.end()), mistakes.end());
  std::string what;
  for (const Mistake& mistake : mistakes) {
    if (!what.empty()) what += '\n';
    what += file + ":" + std::to_string(mistake.line) + ":" + std::to_string(mistake.column) + ": " + mistake.what;
  }
  return fail(ErrorKind::configuration, std::move(what));
}

Result<Node> parse_document(std::string_view text, const std::string& file) {
  if (auto mistakes = not_utf8(text); !mistakes.empty()) return to_error(file, std::move(mistakes));
  Copier copier;
  Node root;
  try {
    const std::string whole(text);
    if (const auto second = Documents::second(whole))
      return to_error(file, {{second->line + 1, 1, "a second document begins here; a file holds one scenario"}});
    const YAML::Node document = YAML::Load(whole);
    if (document.IsNull()) return to_error(file, {{1, 1, "the file is empty"}});
    root = copier.copy(document, 0);
  } catch (const YAML::Exception& error) {
    return to_error(
        file, {{std::max(1, error.mark.line + 1), std::max(1, error.mark.column + 1), "is not YAML: " + error.msg}});
  }
  if (!copier.mistakes.empty()) return to_error(file, std::move(copier.mistakes));
  return root;
}

}  // namespace coordinator::scenario
