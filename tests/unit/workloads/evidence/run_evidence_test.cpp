#include "workloads/evidence/run_evidence.h"

#include <gtest/gtest.h>

#include "tests/unit/workloads/evidence/evidence_file.h"

namespace workloads::evidence {
namespace {

// A conductor, a writer that was killed within a frame, and a reader that closed.
struct Files {
  EvidenceFile folder;
  std::vector<std::string> paths{folder.path("conductor.fde"), folder.path(), folder.path("z.fde")};

  Files(bool ended, bool torn) {
    auto conductor = *SegmentWriter::create(paths[0]);
    conductor->add(RunStart{"r"});
    if (ended) conductor->add(End{});
    EXPECT_TRUE(conductor->close());
    auto killed = *SegmentWriter::create(paths[1]);
    const Id topic = killed->names().intern("orders");
    const Id p = killed->names().intern("p");
    killed->add(ProducerInfo{.producer = p});
    killed->add(Reserve{.producer = p, .where = {topic, 0}, .sequence = 0, .count = 2});
    EXPECT_TRUE(killed->close());
    if (torn) folder.set_bytes(folder.bytes() + "\xde");
    auto last = *SegmentWriter::create(paths[2]);
    last->add(ConsumerInfo{.consumer = last->names().intern("c")});
    last->add(Close{.actor = last->names().intern("c")});
    EXPECT_TRUE(last->close());
  }
};
std::vector<std::size_t> kinds_of(const std::vector<Event>& events) {
  std::vector<std::size_t> kinds;
  for (const Event& event : events) kinds.push_back(event.index());
  return kinds;
}

TEST(run_evidence, the_end_comes_after_all_files) {
  const Files files(true, false);
  Names names;
  std::vector<Event> events;
  ASSERT_TRUE(for_each_run_event(files.paths, names, [&](const Event& event) { events.push_back(event); }));
  EXPECT_EQ(kinds_of(events),
            kinds_of({RunStart{}, ProducerInfo{}, Reserve{}, Send{}, ConsumerInfo{}, Close{}, End{}}));
}

TEST(run_evidence, a_killed_writer_stops_nothing) {
  const Files files(false, true);
  Names names;
  std::vector<Event> events;
  const auto read = for_each_run_event(files.paths, names, [&](const Event& event) { events.push_back(event); });
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(kinds_of(events), kinds_of({RunStart{}, ProducerInfo{}, Reserve{}, Send{}, ConsumerInfo{}, Close{}}));
  EXPECT_TRUE((*read)[1].facts.torn_tail);
  EXPECT_FALSE((*read)[1].facts.closed);
  EXPECT_TRUE((*read)[2].facts.closed);
}

// Without this, a bit flipped in the last frame of a file would pass for a writer that was killed.
TEST(run_evidence, a_torn_tail_is_damage_where_the_run_says_that_nothing_is_missing) {
  const Files files(true, true);
  Names names;
  const auto read = for_each_run_event(files.paths, names, [](const Event&) {});
  ASSERT_FALSE(read);
  const auto bytes = std::to_string(files.folder.bytes().size() - 1);
  EXPECT_EQ(read.error().what, files.paths[1] + ": evidence is damaged at byte " + bytes +
                                   ": no whole frame follows, though the run says that nothing is missing");
}

TEST(run_evidence, without_end_in_the_evidence_there_is_none_in_the_sequence) {
  EvidenceFile folder;
  auto conductor = *SegmentWriter::create(folder.path());
  conductor->add(RunStart{"r"});
  ASSERT_TRUE(conductor->close());
  Names names;
  std::size_t events = 0;
  ASSERT_TRUE(for_each_run_event({folder.path()}, names, [&](const Event&) { ++events; }));
  EXPECT_EQ(events, 1u);
}

TEST(run_evidence, damage_names_file_and_byte) {
  EvidenceFile folder;
  auto writer = *SegmentWriter::create(folder.path());
  for (int i = 0; i < 2; ++i) {
    writer->add(RunStart{"r"});
    ASSERT_TRUE(writer->flush());
  }
  ASSERT_TRUE(writer->close());
  std::string bytes = folder.bytes();
  bytes[22] = 'x';
  folder.set_bytes(bytes);
  Names names;
  const auto files = for_each_run_event({folder.path()}, names, [](const Event&) {});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().what, folder.path() + ": evidence is damaged at byte 8: the checksum of the frame differs");
}

}  // namespace
}  // namespace workloads::evidence
