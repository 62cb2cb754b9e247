#include <gtest/gtest.h>

#include "tests/unit/workloads/evidence/evidence_file.h"
#include "workloads/evidence/wire_format.h"

namespace workloads::evidence {
namespace {

// A small file of several frames, and where each frame ends.
struct Small {
  EvidenceFile file;
  std::string bytes;
  std::vector<Event> events;
  std::vector<std::size_t> frame_ends{8};     // the header is the first
  std::vector<std::size_t> events_at_end{0};  // events in the whole frames up to there

  Small() {
    auto writer = *SegmentWriter::create(file.path());
    const Id p = writer->names().intern("p");
    const Partition where{writer->names().intern("orders"), 0};
    add(*writer, ProducerInfo{.producer = p});
    for (int frame = 0; frame < 4; ++frame) {
      for (int i = 0; i < 3; ++i) {
        add(*writer, Send{.producer = p, .where = where, .sequence = 9 * frame + 3 * i, .count = 3, .at = 1000 * i});
        add(*writer, Unknown{.producer = p,
                             .where = where,
                             .sequence = 9 * frame + 3 * i,
                             .count = 3,
                             .reason = writer->names().intern("reason " + std::to_string(frame)),
                             .at = 2000});
      }
      EXPECT_TRUE(writer->flush());
      frame_ends.push_back(static_cast<std::size_t>(writer->written_bytes()));
      events_at_end.push_back(events.size());
    }
    EXPECT_TRUE(writer->close());
    bytes = file.bytes();
  }
  void add(SegmentWriter& writer, const Event& event) {
    writer.add(event);
    events.push_back(event);
  }
};

bool is_prefix(const std::vector<Event>& part, const std::vector<Event>& whole) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

TEST(damage, a_file_cut_at_any_byte_gives_exactly_its_whole_frames) {
  const Small small;
  ASSERT_EQ(small.bytes.size(), small.frame_ends.back());
  for (std::size_t cut = 0; cut <= small.bytes.size(); ++cut) {
    small.file.set_bytes(small.bytes.substr(0, cut));
    const auto back = read_back(small.file.path());
    ASSERT_TRUE(back->facts) << "cut at " << cut << ": " << back->facts.error().what;
    std::size_t whole = 0;
    std::size_t events = 0;
    for (std::size_t i = 0; i < small.frame_ends.size() && small.frame_ends[i] <= cut; ++i) {
      whole = small.frame_ends[i];
      events = small.events_at_end[i];
    }
    EXPECT_EQ(back->facts->intact_bytes, static_cast<std::int64_t>(whole)) << "cut at " << cut;
    EXPECT_EQ(back->facts->torn_tail, whole != cut) << "cut at " << cut;
    ASSERT_EQ(back->events.size(), events) << "cut at " << cut;
    EXPECT_TRUE(is_prefix(back->events, small.events)) << "cut at " << cut;
  }
}

TEST(damage, any_flipped_bit_is_named_or_a_torn_tail_and_never_a_wrong_event) {
  const Small small;
  const std::size_t last_frame = *(small.frame_ends.end() - 2);
  for (std::size_t at = 0; at < small.bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = small.bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      small.file.set_bytes(damaged);
      const auto back = read_back(small.file.path());
      EXPECT_TRUE(is_prefix(back->events, small.events)) << "byte " << at;
      EXPECT_LT(back->events.size(), small.events.size()) << "byte " << at;
      if (back->facts) {
        EXPECT_TRUE(back->facts->torn_tail) << "byte " << at;
        EXPECT_GE(at, last_frame) << "only the last frame can pass for a torn tail";
      } else {
        EXPECT_NE(back->facts.error().what.find("byte"), std::string::npos) << back->facts.error().what;
        EXPECT_NE(back->facts.error().what.find(small.file.path()), std::string::npos);
      }
    }
  }
}

// The checksum guards against disks; this guards the decoder against everything else: frames with a right checksum and
// any content must end in an error or in events, never in a crash or without end.
TEST(damage, payloads_of_noise_with_a_right_checksum_are_survived) {
  const Small small;
  const std::string first_frame = small.bytes.substr(8, small.frame_ends[1] - 8);
  for (std::size_t at = 12; at < first_frame.size(); ++at) {
    for (int value = 0; value < 256; value += 5) {
      std::string frame = first_frame;
      frame[at] = static_cast<char>(value);
      const auto length = static_cast<std::uint32_t>(frame.size() - wire::kFrameHeaderSize);
      wire::write_frame_header(frame.data(), frame.data() + wire::kFrameHeaderSize, length);
      Names names;
      std::size_t events = 0;
      SegmentDecoder decoder(names, [&](const Event&) { ++events; });
      ASSERT_TRUE(decoder.feed(small.bytes.data(), 8));
      const auto fed = decoder.feed(frame.data(), frame.size());
      if (!fed) {
        EXPECT_NE(fed.error().what.find("damaged at byte"), std::string::npos) << fed.error().what;
        EXPECT_FALSE(decoder.feed("", 0)) << "after an error it stays in error";
      }
      EXPECT_LE(events, frame.size());
    }
  }
}

TEST(damage, what_is_no_evidence_and_what_is_newer_is_refused) {
  const Small small;
  small.file.set_bytes("{\"event\":\"run\"}\n");
  EXPECT_NE(read_back(small.file.path())->facts.error().what.find("no evidence file"), std::string::npos);
  std::string newer = small.bytes;
  newer[4] = 2;
  small.file.set_bytes(newer);
  EXPECT_NE(read_back(small.file.path())->facts.error().what.find("version 2"), std::string::npos);
  EXPECT_EQ(read_back(small.file.path() + ".none")->facts.error().kind, common::base::ErrorKind::not_found);
}

TEST(decoder, pages_of_any_size_give_the_same_events) {
  const Small small;
  for (const std::size_t page : {1u, 7u, 64u, 100'000u}) {
    Names names;
    std::vector<Event> events;
    SegmentDecoder decoder(names, [&](const Event& event) { events.push_back(event); });
    for (std::size_t at = 0; at < small.bytes.size(); at += page)
      ASSERT_TRUE(decoder.feed(small.bytes.data() + at, std::min(page, small.bytes.size() - at)));
    const auto facts = decoder.finish();
    ASSERT_TRUE(facts);
    EXPECT_FALSE(facts->torn_tail);
    EXPECT_EQ(facts->segments, 4);
    EXPECT_TRUE(events == small.events) << "pages of " << page;
  }
}

}  // namespace
}  // namespace workloads::evidence
