// Broken evidence is refused with its place, and what is intact of it can be judged: it accuses nobody for what is
// missing, still fails on what is proved, and never passes.
#include "coordinator/judge/salvage.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "common/base/random.h"
#include "coordinator/evidence_source.h"
#include "coordinator/selftest/edits.h"
#include "coordinator/selftest/mutation.h"
#include "coordinator/selftest/shipped.h"
#include "tests/temporary_folder.h"
#include "workloads/evidence/history_writer.h"
#include "workloads/evidence/segment_writer.h"

namespace coordinator {
namespace {

namespace fs = std::filesystem;
using judge::Severity;
using judge::Verdict;
using selftest::Lines;
using selftest::Recording;
using workloads::evidence::End;
using workloads::evidence::Event;
using workloads::evidence::Names;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

judge::JudgeResult salvaged(const std::string& path, std::vector<std::string>* left_out = nullptr) {
  Names names;
  judge::Judge judge(names);
  const auto read =
      salvage_evidence(path, names, [&](const Event& event, std::int64_t line) { judge.add(event, line); });
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().what);
  if (left_out != nullptr) *left_out = read->left_out;
  return judge_salvaged(judge, read->left_out, read->holes);
}

std::string refusal(const std::string& path) {
  Names names;
  const auto read = read_evidence(path, names, [](const Event&, std::int64_t) {});
  return read ? "" : read.error().what;
}

class Salvage : public testing::Test {
 protected:
  tests::TemporaryFolder folder_;
  std::string run_ = folder_.path() + "/run";
  std::vector<std::string> files_;

  // The evidence files of a run, in several frames each.
  void write_run(const Recording& recording) {
    fs::remove_all(run_);
    fs::create_directories(run_ + "/evidence");
    files_.clear();
    for (const Lines& lines : recording.files) {
      files_.push_back(run_ + "/evidence/" + (files_.empty() ? "conductor" : std::to_string(files_.size())) + ".fde");
      const auto writer = *workloads::evidence::SegmentWriter::create(files_.back());
      for (workloads::evidence::Id id = 0; id < recording.names->size(); ++id)
        writer->names().intern(recording.names->text(id));
      for (const Event& event : lines) {
        writer->add(event);
        if (writer->open_bytes() <= 1000) continue;
        ASSERT_TRUE(writer->flush());
      }
      ASSERT_TRUE(writer->flush());
    }
  }
  std::string write_history(const Recording& recording) {
    workloads::evidence::HistoryWriter writer(*recording.names);
    std::string text;
    for (const Lines& lines : recording.files)
      for (const Event& event : lines)
        if (!std::holds_alternative<End>(event)) writer.append(event, text);
    writer.append(End{}, text);
    write(folder_.path() + "/history.ndjson", text);
    return folder_.path() + "/history.ndjson";
  }
  static Recording clean() { return std::move(selftest::shipped_recordings()->front()); }
};

TEST_F(Salvage, a_flipped_bit_is_refused_with_its_byte_and_what_is_intact_accuses_nobody) {
  const Recording recording = clean();
  write_run(recording);
  ASSERT_EQ(refusal(run_), "");
  common::base::Random random(4);
  for (int trial = 0; trial < 6; ++trial) {
    const std::string& file = files_[random.below(files_.size())];
    const std::string whole = bytes_of(file);
    std::string broken = whole;
    const std::size_t at = random.below(broken.size());
    broken[at] = static_cast<char>(broken[at] ^ (1 << random.below(8)));
    write(file, broken);
    const std::string place = file + ", byte " + std::to_string(at);
    // Where the conductor's last frame is torn there is no End: the run was cut off, which is legal.
    if (file != files_.front()) {
      EXPECT_NE(refusal(run_).find(file), std::string::npos) << place;
      EXPECT_NE(refusal(run_).find("byte "), std::string::npos) << place << ": " << refusal(run_);
    }
    const auto result = salvaged(run_);
    EXPECT_EQ(result.verdict, Verdict::inconclusive) << place;
    for (const auto& finding : result.findings) EXPECT_NE(finding.severity, Severity::violation) << place;
    write(file, whole);
  }
}

TEST_F(Salvage, a_missing_file_accuses_nobody) {
  const Recording recording = clean();
  for (std::size_t i = 0; i < recording.files.size(); ++i) {
    write_run(recording);
    fs::remove(files_[i]);
    const auto result = salvaged(run_);
    EXPECT_EQ(result.verdict, Verdict::inconclusive);
    for (const auto& finding : result.findings)
      EXPECT_NE(finding.severity, Severity::violation) << "without " << files_[i];
  }
}

TEST_F(Salvage, what_is_proved_by_what_is_intact_still_fails) {
  Recording recording = clean();
  common::base::Random random(1);
  ASSERT_TRUE(selftest::duplicate_near(recording, random));
  write_run(recording);
  const auto observed = std::find_if(recording.files.begin(), recording.files.end(), [](const Lines& lines) {
    return std::any_of(lines.begin(), lines.end(),
                       [](const Event& event) { return std::holds_alternative<workloads::evidence::Sample>(event); });
  });
  ASSERT_NE(observed, recording.files.end());
  const std::string& observer = files_[static_cast<std::size_t>(observed - recording.files.begin())];
  std::string bytes = bytes_of(observer);
  ASSERT_GT(bytes.size(), 30u);
  bytes[20] = static_cast<char>(bytes[20] ^ 1);
  write(observer, bytes);
  std::vector<std::string> left_out;
  const auto result = salvaged(run_, &left_out);
  EXPECT_EQ(left_out.size(), 1u);
  EXPECT_EQ(result.verdict, Verdict::fail);
  ASSERT_FALSE(result.findings.empty());
  EXPECT_EQ(result.findings[0].kind, judge::Kind::duplicated);
  EXPECT_EQ(result.findings[0].severity, Severity::violation);
  ASSERT_FALSE(result.reasons.empty());
  EXPECT_NE(result.reasons[0].find("left out: " + observer), std::string::npos) << result.reasons[0];
  EXPECT_NE(result.reasons[0].find("byte "), std::string::npos) << result.reasons[0];
}

TEST_F(Salvage, what_is_intact_cannot_pass_either) {
  write_run(clean());
  const auto result = salvaged(run_);
  EXPECT_EQ(result.exit_code, 12);
  ASSERT_EQ(result.reasons.size(), 1u);
  EXPECT_NE(result.reasons[0].find("nothing is broken"), std::string::npos);
}

TEST_F(Salvage, of_a_file_of_another_version_nothing_is_used) {
  write_run(clean());
  std::string bytes = bytes_of(files_[1]);
  bytes[4] = 9;
  write(files_[1], bytes);
  EXPECT_NE(refusal(run_).find("version 9 (byte 4)"), std::string::npos) << refusal(run_);
  std::vector<std::string> left_out;
  EXPECT_EQ(salvaged(run_, &left_out).verdict, Verdict::inconclusive);
  ASSERT_EQ(left_out.size(), 1u);
  EXPECT_NE(left_out[0].find("version 9"), std::string::npos);
}

TEST_F(Salvage, lines_that_are_broken_or_missing_in_the_middle_accuse_nobody) {
  const std::string path = write_history(clean());
  const std::string whole = bytes_of(path);
  std::vector<std::string> lines;
  std::istringstream in(whole);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  common::base::Random random(5);
  for (int trial = 0; trial < 3; ++trial) {
    const std::size_t at = random.below(lines.size());
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i)
      text += (i == at ? lines[i].substr(0, lines[i].size() / 2) : lines[i]) + "\n";
    write(path, text);
    EXPECT_EQ(refusal(path).find(path + ": line " + std::to_string(at + 1) + ": "), 0u) << refusal(path);
    const auto result = salvaged(path);
    EXPECT_EQ(result.verdict, Verdict::inconclusive) << "line " << at + 1;
    for (const auto& finding : result.findings)
      EXPECT_NE(finding.severity, Severity::violation) << "line " << at + 1 << ": " << lines[at];
  }
}

TEST_F(Salvage, what_a_history_shows_by_itself_still_fails_beside_a_broken_line) {
  Recording recording = clean();
  common::base::Random random(2);
  ASSERT_TRUE(selftest::flip_a_bit(recording, random));
  const std::string path = write_history(recording);
  std::string text = bytes_of(path);
  text.insert(text.find('\n') + 1, "{\"event\":\n");
  write(path, text);
  const auto result = salvaged(path);
  EXPECT_EQ(result.exit_code, 10);
  ASSERT_FALSE(result.findings.empty());
  EXPECT_EQ(result.findings[0].kind, judge::Kind::corrupt);
}

// Its transaction committed, but the line that is missing may have refused it: then it is a phantom, not duplicated.
TEST_F(Salvage, that_a_transaction_committed_is_no_word_on_its_records_beside_a_broken_line) {
  const std::string path = folder_.path() + "/history.ndjson";
  const std::string at = R"("topic":"orders","partition":0,)";
  for (const bool acked : {false, true}) {
    write(path, R"({"event":"run","format":1,"run":"r"}
{"event":"producer","producer":"p","transactional_id":"t"}
{"event":"consumer","consumer":"c"}
{"event":"transaction","producer":"p","transaction":1,"state":"begun"}
{"event":"send",)" + at +
                    R"("producer":"p","sequence":0,"transaction":1}
)" +
                    (acked ? R"({"event":"ack",)" + at + R"("producer":"p","sequence":0,"offset":3}
)"
                           : "") +
                    R"({"event":"refu
{"event":"transaction","producer":"p","transaction":1,"state":"commit_asked"}
{"event":"transaction","producer":"p","transaction":1,"state":"committed"}
{"event":"deliver",)" +
                    at + R"("consumer":"c","producer":"p","sequence":0,"offset":3}
{"event":"deliver",)" +
                    at + R"("consumer":"c","producer":"p","sequence":0,"offset":4}
)");
    const auto result = salvaged(path);
    EXPECT_EQ(result.verdict, acked ? Verdict::fail : Verdict::inconclusive);
    ASSERT_EQ(result.findings.size(), 1u);
    EXPECT_EQ(result.findings[0].kind, judge::Kind::duplicated);
    EXPECT_EQ(result.findings[0].severity, acked ? Severity::violation : Severity::undecided);
  }
}

TEST_F(Salvage, a_line_without_end_is_refused_and_not_held) {
  const std::string path = folder_.path() + "/long.ndjson";
  write(path, "{\"event\":\"run\",\"format\":1,\"run\":\"r\"}\n{\"event\":\"" + std::string(3 << 20, 'x'));
  EXPECT_EQ(refusal(path), path + ": line 2: is longer than 1048576 bytes");
}

}  // namespace
}  // namespace coordinator
