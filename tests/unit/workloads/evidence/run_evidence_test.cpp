#include "workloads/evidence/run_evidence.h"

#include <gtest/gtest.h>

#include "tests/unit/workloads/evidence/evidence_file.h"

namespace workloads::evidence {
namespace {

TEST(run_evidence, the_end_comes_after_all_files_and_a_killed_writer_stops_nothing) {
  EvidenceFile folder;
  auto conductor = *SegmentWriter::create(folder.path("conductor.fde"));
  conductor->add(RunStart{"r"});
  conductor->add(End{});
  ASSERT_TRUE(conductor->close());
  auto killed = *SegmentWriter::create(folder.path());
  const Id topic = killed->names().intern("orders");
  const Id p = killed->names().intern("p");
  killed->add(ProducerInfo{.producer = p});
  killed->add(Reserve{.producer = p, .where = {topic, 0}, .sequence = 0, .count = 2});
  ASSERT_TRUE(killed->close());
  folder.set_bytes(folder.bytes() + "\xde");
  auto last = *SegmentWriter::create(folder.path("z.fde"));
  last->add(ConsumerInfo{.consumer = last->names().intern("c")});
  last->add(Close{.actor = last->names().intern("c")});
  ASSERT_TRUE(last->close());

  Names names;
  std::vector<std::size_t> kinds;
  const auto files = for_each_run_event({folder.path("conductor.fde"), folder.path(), folder.path("z.fde")}, names,
                                        [&](const Event& event) { kinds.push_back(event.index()); });
  ASSERT_TRUE(files) << files.error().what;
  const std::vector<std::size_t> expected{
      Event(RunStart{}).index(),     Event(ProducerInfo{}).index(), Event(Reserve{}).index(), Event(Send{}).index(),
      Event(ConsumerInfo{}).index(), Event(Close{}).index(),        Event(End{}).index()};
  EXPECT_EQ(kinds, expected);
  ASSERT_EQ(files->size(), 3u);
  EXPECT_TRUE((*files)[1].facts.torn_tail);
  EXPECT_FALSE((*files)[1].facts.closed);
  EXPECT_TRUE((*files)[2].facts.closed);
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
