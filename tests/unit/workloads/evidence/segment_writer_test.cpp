#include "workloads/evidence/segment_writer.h"

#include <csignal>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "tests/unit/workloads/evidence/evidence_file.h"

namespace workloads::evidence {
namespace {

// A disk that is full at `bytes` for as long as it lives, for this process.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : old_handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    rlimit small = old_;
    small.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int);
};

Fault fault(Names& names, FaultState state, std::int64_t at) {
  return {.fault = names.intern("kill-1"),
          .kind = names.intern("kill"),
          .target = names.intern("broker 2"),
          .state = state,
          .at = at,
          .host = names.intern("h"),
          .proof = kNoId};
}

TEST(full_disk, the_file_stays_whole_and_a_later_flush_writes_everything) {
  EvidenceFile file;
  auto writer = *SegmentWriter::create(file.path());
  const Id host = writer->names().intern("h");
  std::vector<Event> added;
  const auto add = [&](int count) {
    for (int i = 0; i < count; ++i) {
      added.push_back(ClockOffset{host, INT64_MAX - i, i});
      writer->add(added.back());
    }
  };
  add(100);
  ASSERT_TRUE(writer->flush());
  const std::int64_t whole = writer->written_bytes();
  {
    const FullDisk full(static_cast<rlim_t>(whole) + 500);
    add(1000);
    const auto failed = writer->flush();
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().what.find(file.path()), std::string::npos);
    EXPECT_EQ(static_cast<std::int64_t>(file.bytes().size()), whole) << "a part of a frame is no evidence";
    EXPECT_EQ(read_back(file.path())->events.size(), 100u);
    EXPECT_FALSE(read_back(file.path())->facts->torn_tail);
    add(10);
    EXPECT_FALSE(writer->close());
  }
  add(1);
  ASSERT_TRUE(writer->close());
  const auto back = read_back(file.path());
  ASSERT_TRUE(back->facts);
  EXPECT_TRUE(back->events == added);
  EXPECT_EQ(back->facts->segments, 4) << "the frame that failed is written as it was: a half of it may have been read";
}

TEST(full_disk, frames_that_fit_are_written_though_the_last_does_not) {
  EvidenceFile file;
  auto writer = *SegmentWriter::create(file.path());
  const Id host = writer->names().intern("h");
  for (int i = 0; i < 60'000; ++i) writer->add(ClockOffset{host, INT64_MAX - i, i});
  const std::size_t all = writer->open_bytes();
  ASSERT_GT(all, 700'000u);
  {
    const FullDisk full(600'000);
    ASSERT_FALSE(writer->flush());
  }
  const auto back = read_back(file.path());
  EXPECT_FALSE(back->facts->torn_tail);
  EXPECT_EQ(back->facts->segments, 2);
  ASSERT_TRUE(writer->close());
  EXPECT_EQ(read_back(file.path())->events.size(), 60'000u);
  EXPECT_EQ(file.bytes().size(), all + 8);
}

TEST(full_disk, what_exceeds_the_bound_is_refused_and_every_later_answer_says_so) {
  EvidenceFile file;
  auto writer = *SegmentWriter::create(file.path());
  const std::string wide(4'000, 'n');  // few events make much
  std::size_t kept = 0;
  {
    const FullDisk full(8);
    while (true) {
      const Id long_name = writer->names().intern(wide + std::to_string(kept));
      const std::size_t before = writer->open_bytes();
      writer->add(ClockOffset{long_name, INT64_MIN + static_cast<std::int64_t>(kept), 1});
      if (writer->open_bytes() == before) break;
      ++kept;
      ASSERT_LT(writer->open_bytes(), 9u << 20);
    }
    EXPECT_FALSE(writer->flush());
  }
  const auto flushed = writer->flush();
  ASSERT_FALSE(flushed) << "the disk is writable again, but events are missing for ever";
  EXPECT_NE(flushed.error().what.find("incomplete"), std::string::npos) << flushed.error().what;
  EXPECT_FALSE(writer->close());
  EXPECT_EQ(read_back(file.path())->events.size(), kept) << "what was taken was written";
}

TEST(append, a_successor_goes_on_where_a_killed_writer_stopped) {
  EvidenceFile file;
  std::vector<Event> expected;
  {
    auto writer = *SegmentWriter::create(file.path());
    for (const auto state : {FaultState::planned, FaultState::active}) {
      expected.push_back(fault(writer->names(), state, 1000 + static_cast<int>(state)));
      writer->add(expected.back());
      ASSERT_TRUE(writer->flush());
    }
    expected.push_back(
        Gauge{.actor = writer->names().intern("kill-1"), .name = writer->names().intern("g"), .at = 5, .value = 6});
    writer->add(expected.back());
    ASSERT_TRUE(writer->close());
  }
  file.set_bytes(file.bytes() + std::string("\xde\xf1\xed\x5e\x40\0\0\0torn", 12));
  {
    auto writer = SegmentWriter::append(file.path());
    ASSERT_TRUE(writer) << writer.error().what;
    expected.push_back(fault((*writer)->names(), FaultState::reverted, 9000));
    (*writer)->add(expected.back());
    expected.push_back(Gauge{
        .actor = (*writer)->names().intern("kill-1"), .name = (*writer)->names().intern("g"), .at = 7, .value = 8});
    (*writer)->add(expected.back());
    ASSERT_TRUE((*writer)->close());
  }
  const auto back = read_back(file.path());
  ASSERT_TRUE(back->facts) << back->facts.error().what;
  EXPECT_FALSE(back->facts->torn_tail);
  EXPECT_TRUE(back->events == expected);
}

TEST(append, a_writer_killed_within_the_file_header_left_nothing_and_is_continued) {
  EvidenceFile file;
  file.set_bytes("FDE");
  auto writer = SegmentWriter::append(file.path());
  ASSERT_TRUE(writer) << writer.error().what;
  const Event added = fault((*writer)->names(), FaultState::reverted, 1);
  (*writer)->add(added);
  ASSERT_TRUE((*writer)->close());
  EXPECT_TRUE(read_back(file.path())->events == std::vector<Event>{added});
}

TEST(append, damaged_evidence_and_foreign_files_are_not_touched) {
  EvidenceFile file;
  file.set_bytes("somebody else's bytes");
  EXPECT_FALSE(SegmentWriter::append(file.path()));
  EXPECT_EQ(file.bytes(), "somebody else's bytes");
  EXPECT_EQ(SegmentWriter::append(file.path("none.fde")).error().kind, common::base::ErrorKind::not_found);
}

TEST(to_nowhere, counts_what_a_file_would_hold) {
  EvidenceFile file;
  auto nowhere = SegmentWriter::to_nowhere();
  auto somewhere = *SegmentWriter::create(file.path());
  for (auto* writer : {nowhere.get(), somewhere.get()}) {
    writer->add(fault(writer->names(), FaultState::planned, 1));
    ASSERT_TRUE(writer->close());
  }
  EXPECT_EQ(nowhere->written_bytes(), somewhere->written_bytes());
}

}  // namespace
}  // namespace workloads::evidence
