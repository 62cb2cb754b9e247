// Every case under tests/judge_cases: the history NAME.ndjson is judged as NAME.expect.json says, and neither mixing
// the lines of different actors nor cutting runs into single messages changes that.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/judge/judge.h"
#include "workloads/evidence/history_reader.h"

namespace coordinator::judge {
namespace {

using nlohmann::json;
using workloads::evidence::Event;
using workloads::evidence::Names;

json judged(const std::string& history) {
  Names names;
  Judge judge(names);
  std::istringstream in(history);
  const auto read = workloads::evidence::read_history(
      in, names, [&](const Event& event, std::int64_t line) { judge.add(event, line); });
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().what);
  return to_json(judge.result(), names);
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(FIREDRILL_SOURCE_DIR "/tests/judge_cases"))
    if (entry.path().extension() == ".ndjson") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<json> lines_of(const std::string& history) {
  std::vector<json> lines;
  std::istringstream in(history);
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  return lines;
}

std::string joined(const std::vector<json>& lines) {
  std::string history;
  for (const json& line : lines) history += line.dump() + "\n";
  return history;
}

// Without what may differ when lines stand elsewhere.
json essence(json result) {
  for (json& finding : result["findings"]) finding.erase("witnesses");
  result.erase("reasons");
  return result;
}

// Runs of up to 1000 messages as single ones.
std::vector<json> cut(const std::vector<json>& lines) {
  std::vector<json> single;
  for (const json& line : lines) {
    const std::int64_t count = line.value("count", std::int64_t{1});
    if (count == 1 || count > 1000) {
      single.push_back(line);
      continue;
    }
    for (std::int64_t i = 0; i < count; ++i) {
      json one = line;
      one.erase("count");
      for (const char* field : {"sequence", "offset"})
        if (one.contains(field) && one[field].is_number()) one[field] = one[field].get<std::int64_t>() + i;
      single.push_back(one);
    }
  }
  return single;
}

// First what all need declared, then actor by actor, the last one first.
std::vector<json> mixed(const std::vector<json>& lines) {
  std::vector<json> head, tail;
  std::map<std::string, std::vector<json>> actors;
  for (const json& line : lines) {
    const std::string event = line["event"];
    const bool of_consumer = line.contains("consumer");
    const bool of_producer = line.contains("producer") && !of_consumer;
    if (event == "end") {
      tail.push_back(line);
    } else if (of_consumer) {
      actors["1 consumer " + line["consumer"].get<std::string>()].push_back(line);
    } else if (of_producer) {
      actors["2 producer " + line["producer"].get<std::string>()].push_back(line);
    } else {
      head.push_back(line);
    }
  }
  std::vector<json> all = head;
  for (auto actor = actors.rbegin(); actor != actors.rend(); ++actor)
    all.insert(all.end(), actor->second.begin(), actor->second.end());
  all.insert(all.end(), tail.begin(), tail.end());
  return all;
}

class JudgeCase : public testing::TestWithParam<std::string> {
 protected:
  std::filesystem::path folder_ = FIREDRILL_SOURCE_DIR "/tests/judge_cases";
  std::string history_ = text_of(folder_ / (GetParam() + ".ndjson"));
};

TEST_P(JudgeCase, is_judged_as_expected) {
  const json expected = json::parse(text_of(folder_ / (GetParam() + ".expect.json")));
  const json result = judged(history_);
  EXPECT_EQ(result["verdict"], expected["verdict"]);
  EXPECT_EQ(result["exit_code"], expected["exit_code"]);
  ASSERT_EQ(result["findings"].size(), expected["findings"].size()) << result.dump(1);
  for (std::size_t i = 0; i < expected["findings"].size(); ++i) {
    for (const auto& [field, value] : expected["findings"][i].items())
      EXPECT_EQ(result["findings"][i][field], value) << field << " of finding " << i << ": " << result.dump(1);
  }
  const json books = expected.value("books", json::object());
  for (const auto& [field, value] : books.items()) EXPECT_EQ(result["books"][field], value) << field;
  const json words = expected.value("reasons_mention", json::array());
  for (const json& word : words)
    EXPECT_NE(result["reasons"].dump().find(word.get<std::string>()), std::string::npos) << word;
}

TEST_P(JudgeCase, does_not_depend_on_how_actors_are_mixed) {
  EXPECT_EQ(essence(judged(joined(mixed(lines_of(history_))))), essence(judged(history_)));
}

TEST_P(JudgeCase, does_not_depend_on_how_runs_are_cut) {
  EXPECT_EQ(essence(judged(joined(cut(lines_of(history_))))), essence(judged(history_)));
}

INSTANTIATE_TEST_SUITE_P(all, JudgeCase, testing::ValuesIn(case_names()), [](const auto& row) { return row.param; });

}  // namespace
}  // namespace coordinator::judge
