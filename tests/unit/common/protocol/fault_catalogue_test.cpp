// The catalogue says all that people must know, once; docs/faults.md lists it as it is.
#include "common/protocol/fault_catalogue.h"

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "common/protocol/fault_parameters.h"

namespace common::protocol {
namespace {

std::string form_of(const FaultParameter& parameter) {
  switch (parameter.type) {
    case ParameterType::duration:
      return "duration (`200ms`)";
    case ParameterType::bytes:
      return "bytes (`64KiB`)";
    case ParameterType::rate:
      return "bandwidth (`10Mbit/s`, `1MB/s`)";
    case ParameterType::count:
    case ParameterType::number:
      return "number";
    case ParameterType::percent:
      return "percent (`20%`)";
    case ParameterType::flag:
      return "`true`, `false`";
    case ParameterType::choice: {
      std::string text;
      for (const auto& word : words_of(parameter.choices)) text += (text.empty() ? "`" : ", `") + word + "`";
      return text;
    }
    case ParameterType::text:
      return "text";
    case ParameterType::topic:
      return "topic";
    case ParameterType::list:
      return "list";
    case ParameterType::peers:
      return "peers (`broker 2`, `brokers`, `clients`, addresses, CIDRs)";
  }
  return "";
}

std::string line(const char* what, std::string_view said) {
  return said.empty() ? "" : "- *" + std::string(what) + "*: " + std::string(said) + "\n";
}

std::string section(const FaultDescription& row) {
  std::string text = "### `" + std::string(row.name) + "`\n\n" + std::string(row.summary) + ".\n\n";
  if (!row.parameters.empty()) {
    text += "| parameter | form | default | |\n|---|---|---|---|\n";
    for (const auto& parameter : row.parameters)
      text += "| `" + std::string(parameter.name) + "` | " + form_of(parameter) + " | " +
              (parameter.required           ? "required"
               : parameter.fallback.empty() ? ""
                                            : "`" + std::string(parameter.fallback) + "`") +
              " | " + std::string(parameter.what) + " |\n";
    text += "\n";
  }
  return text + line("mechanism", row.mechanism) + line("felt when", row.felt) + line("ends", row.ends) +
         line("left if everything dies at once", row.left) + line("privileges", row.privileges) +
         line("claims", row.aspects) + line("tested on", row.tested) +
         (row.destructive ? "- *destructive*: needs `allow: data_loss`; the judge is told\n" : "") + "\n";
}

std::string catalogue() {
  std::string text, group;
  for (const auto* row : fault_catalogue()) {
    if (group != row->group) text += "## The catalogue: " + std::string(row->group) + "\n\n";
    group = row->group;
    text += section(*row);
  }
  return text;
}

TEST(FaultCatalogue, tells_of_every_fault_all_that_people_must_know) {
  std::set<std::string_view> names;
  for (const auto* row : fault_catalogue()) {
    SCOPED_TRACE(row->name);
    EXPECT_TRUE(names.insert(row->name).second);
    for (const std::string_view said : {row->group, row->summary, row->aspects, row->mechanism, row->felt, row->ends,
                                        row->left, row->privileges, row->tested})
      EXPECT_FALSE(said.empty());
    EXPECT_TRUE(!row->destructive || row->harm == Harm::data_loss);
  }
}

TEST(FaultCatalogue, defaults_are_what_their_parameters_take) {
  for (const auto* row : fault_catalogue()) {
    std::set<std::string_view> names;
    FaultWords words;
    for (const auto& parameter : row->parameters) {
      EXPECT_TRUE(names.insert(parameter.name).second) << row->name << " " << parameter.name;
      EXPECT_FALSE(parameter.what.empty()) << row->name << " " << parameter.name;
      if (!parameter.fallback.empty()) words[std::string(parameter.name)] = {std::string(parameter.fallback)};
    }
    base::Problems problems;
    (void)FaultParameters::read(*row, words, problems);
    std::erase_if(problems, [](const auto& problem) { return problem.message.starts_with("is missing"); });
    EXPECT_TRUE(problems.empty()) << row->name << ": " << to_error(problems).what;
  }
}

TEST(FaultCatalogue, the_documentation_lists_it) {
  const std::string path = std::string(FIREDRILL_SOURCE_DIR) + "/docs/faults.md";
  std::ostringstream read;
  read << std::ifstream(path).rdbuf();
  const std::string text = read.str();
  const std::string begin_mark = "gtest_filter=FaultCatalogue.*` -->\n";
  const std::size_t begin = text.find(begin_mark) + begin_mark.size();
  const std::size_t end = text.find("<!-- end of the catalogue -->");
  ASSERT_LT(begin, text.size());
  ASSERT_NE(end, std::string::npos);
  if (std::getenv("FIREDRILL_WRITE_DOCS") != nullptr) {
    std::ofstream(path) << text.substr(0, begin) << catalogue() << text.substr(end);
    return;
  }
  EXPECT_EQ(text.substr(begin, end - begin), catalogue());
}

}  // namespace
}  // namespace common::protocol
