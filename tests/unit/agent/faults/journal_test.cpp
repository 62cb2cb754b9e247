#include "agent/faults/journal.h"

#include <fstream>

#include <gtest/gtest.h>

#include "agent/faults/durable_file.h"
#include "tests/temporary_folder.h"

namespace agent::faults {
namespace {

using common::base::ErrorKind;
using std::chrono::milliseconds;

UndoRecord record(const std::string& task) {
  UndoRecord made;
  made.task = task;
  made.run = "r";
  made.fault = "f";
  made.kind = "kill";
  made.target = "leader of orders-0";
  made.service = "broker-1";
  made.undo = {{"victim", 7}};
  return made;
}

TEST(Journal, record_comes_back_as_it_was_written_last) {
  const tests::TemporaryFolder folder;
  const auto journal = Journal::open(folder / "journal", milliseconds(0));
  ASSERT_TRUE(journal.has_value()) << journal.error().what;
  auto written = record("t");
  ASSERT_TRUE((*journal)->write(written).has_value());
  written.state = "reverted";
  written.proof = "process 7 answers";
  written.reverting_at = 5;
  written.ended_at = 6;
  ASSERT_TRUE((*journal)->write(written).has_value());
  const auto read = (*journal)->read();
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ(to_json(read->front()), to_json(written));
  ASSERT_TRUE((*journal)->remove(written).has_value());
  ASSERT_TRUE((*journal)->remove(written).has_value()) << "twice is harmless";
  EXPECT_TRUE((*journal)->read()->empty());
}

TEST(Journal, has_one_holder_at_a_time) {
  const tests::TemporaryFolder folder;
  auto first = Journal::open(folder / "journal", milliseconds(0));
  EXPECT_EQ(Journal::open(folder / "journal", milliseconds(0)).error().kind, ErrorKind::conflict);
  ASSERT_TRUE((*first)->write(record("t")).has_value());
  EXPECT_EQ(Journal::list(folder / "journal")->size(), 1U) << "looking needs no lock";
  first->reset();
  EXPECT_TRUE(Journal::open(folder / "journal", milliseconds(0)).has_value());
}

TEST(Journal, half_written_successor_does_not_count) {
  const tests::TemporaryFolder folder;
  const auto journal = Journal::open(folder / "journal", milliseconds(0));
  ASSERT_TRUE((*journal)->write(record("t")).has_value());
  std::ofstream(folder / "journal/t.undo.json.new") << "{\"format\":";
  EXPECT_EQ((*journal)->read()->size(), 1U);
  ASSERT_TRUE((*journal)->write(record("t")).has_value());
}

TEST(Journal, record_that_is_none_is_named_and_not_guessed) {
  const tests::TemporaryFolder folder;
  const auto journal = Journal::open(folder / "journal", milliseconds(0));
  auto strange = to_json(record("t"));
  for (const auto& [field, value] :
       {std::pair<std::string, nlohmann::json>{"state", "half"}, {"format", 2}, {"more", 1}}) {
    auto wrong = strange;
    wrong[field] = value;
    ASSERT_TRUE(write_durably(folder / "journal/t.undo.json", wrong.dump()).has_value());
    const auto read = (*journal)->read();
    ASSERT_TRUE(read.has_error()) << field;
    EXPECT_NE(read.error().what.find("t.undo.json"), std::string::npos);
    EXPECT_NE(read.error().what.find("`" + field + "`"), std::string::npos);
  }
}

TEST(Journal, folder_that_cannot_be_made_is_an_error) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "journal") << "a file";
  EXPECT_EQ(Journal::open(folder / "journal", milliseconds(0)).error().kind, ErrorKind::infrastructure);
}

}  // namespace
}  // namespace agent::faults
