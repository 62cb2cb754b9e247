#include "common/base/random.h"
#include "tests/unit/workloads/evidence/evidence_file.h"

namespace workloads::evidence {
namespace {

constexpr std::int64_t kMin = INT64_MIN;
constexpr std::int64_t kMax = INT64_MAX;

std::vector<Event> one_of_each(Names& names) {
  const auto id = [&](const char* text) { return names.intern(text); };
  const Partition p0{id("orders"), 0};
  const Partition p7{id("orders"), 7};
  return {
      RunStart{"run-1"},
      TopicInfo{.topic = id("orders"),
                .partitions = 12,
                .replication_factor = 5,
                .min_insync_replicas = 3,
                .unclean_leader_election = true,
                .compact = true},
      ProducerInfo{.producer = id("p"),
                   .host = id("h"),
                   .acks = Acks::zero,
                   .idempotence = false,
                   .max_in_flight = 1,
                   .transactional_id = id("tx")},
      Reserve{.producer = id("p"), .where = p7, .sequence = 0, .count = 1000},
      Send{.producer = id("p"),
           .where = p7,
           .sequence = 0,
           .count = 500,
           .at = 123456789,
           .transaction = 3,
           .key = id("k")},
      Ack{.producer = id("p"), .where = p7, .sequence = 0, .offset = 77, .count = 500, .at = 223456789, .span = 99},
      Ack{.producer = id("p"), .where = p7, .sequence = 500, .offset = kNoOffset},
      Refuse{.producer = id("p"), .where = p0, .sequence = 4, .count = 2, .reason = id("_QUEUE_FULL"), .at = kNoTime},
      Unknown{.producer = id("p"), .where = p0, .sequence = 9, .count = 1, .reason = id("_MSG_TIMED_OUT"), .at = -5},
      Transaction{.producer = id("p"), .transaction = 3, .state = TransactionState::unknown, .at = 1},
      ConsumerInfo{.consumer = id("c"),
                   .host = kNoId,
                   .group = id("g"),
                   .isolation = Isolation::read_uncommitted,
                   .reset = Reset::error},
      Assign{.consumer = id("c"), .where = p0, .position = 12, .at = 7},
      Revoke{.consumer = id("c"), .where = p0, .lost = true, .at = kNoTime},
      Seek{.consumer = id("c"), .where = p0, .offset = 5, .at = 8},
      Deliver{
          .consumer = id("c"), .where = p0, .offset = 5, .count = 3, .producer = id("p"), .sequence = 4, .target = p0},
      Deliver{.consumer = id("c"),
              .where = p0,
              .offset = 8,
              .producer = id("p"),
              .sequence = 7,
              .target = p7,
              .at = 9,
              .span = 2,
              .intact = false,
              .leader_epoch = 6,
              .within_producer = id("q"),
              .within_transaction = 11},
      Deliver{.consumer = id("c"), .where = p0, .offset = 9, .target = p0},
      Commit{.consumer = id("c"), .where = p0, .offset = 9, .state = CommitState::unknown, .at = 10},
      Input{.producer = id("q"), .where = p0, .sequence = 1, .of = p7, .of_offset = 3},
      Audit{.consumer = id("a"), .where = p0, .start = 0, .end = 9},
      Sample{.where = p0,
             .at = 3,
             .host = id("h"),
             .log_start = 0,
             .end = 9,
             .leader = 2,
             .leader_epoch = 4,
             .isr_told = true,
             .isr = {1, 2, 3}},
      Sample{.where = p0},
      ClockOffset{.host = id("h"), .offset_ns = -12345, .error_ns = 777},
      Fault{.fault = id("kill-1"),
            .kind = id("kill"),
            .target = id("broker 2"),
            .state = FaultState::failed,
            .at = 5,
            .host = id("h"),
            .proof = id("pid 4711 exited")},
      Close{.actor = id("p"), .accepted = 500, .reported = 500, .at = 6},
      Latency{.actor = id("p"),
              .metric = id("ack"),
              .peer = id("h"),
              .second = 12,
              .buckets = {{-3, 1}, {0, 7}, {3073, kMax}}},
      Problem{.actor = id("p"), .code = id("_TRANSPORT"), .text = id("broker down \"x\""), .where = {}, .at = 1},
      Phase{.name = id("steady"), .at = 2},
      Gauge{.actor = id("c"), .name = id("lag"), .where = p0, .at = 3, .value = -4},
      End{},
  };
}

TEST(segments, every_event_comes_back_as_it_was) {
  EvidenceFile file;
  auto writer = *SegmentWriter::create(file.path());
  const auto events = one_of_each(writer->names());
  for (const auto& event : events) writer->add(event);
  ASSERT_TRUE(writer->close());
  const auto back = read_back(file.path());
  ASSERT_TRUE(back->facts) << back->facts.error().what;
  ASSERT_EQ(back->events.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_TRUE(back->events[i] == events[i]) << "event " << i;
  ASSERT_EQ(back->names.size(), writer->names().size());
  for (Id id = 0; id < back->names.size(); ++id) EXPECT_EQ(back->names.text(id), writer->names().text(id));
  EXPECT_FALSE(back->facts->torn_tail);
  EXPECT_TRUE(back->facts->closed);
  EXPECT_EQ(back->facts->intact_bytes, writer->written_bytes());
  EXPECT_EQ(back->facts->intact_bytes, static_cast<std::int64_t>(file.bytes().size()));
}

// Numbers without sense, in an order without sense: prediction may cost bytes, never truth.
TEST(segments, random_events_come_back_as_they_were_however_they_are_flushed) {
  EvidenceFile file;
  auto writer = *SegmentWriter::create(file.path());
  common::base::Random random(7);
  const auto number = [&] {
    const std::int64_t edges[] = {kMin, kMin + 1, -1, 0, 1, 63, 64, kMax - 1, kMax};
    if (random.below(3) == 0) return edges[random.below(9)];
    return static_cast<std::int64_t>(random.next() >> random.below(64));
  };
  const auto id = [&] {
    return random.below(4) == 0 ? kNoId : writer->names().intern("n" + std::to_string(random.below(9)));
  };
  const auto where = [&] { return Partition{id(), static_cast<std::int32_t>(random.next())}; };
  std::vector<Event> expected;
  for (int i = 0; i < 4000; ++i) {
    Event event;
    switch (random.below(5)) {
      case 0:
        event = Send{id(), where(), number(), number(), number(), number(), id()};
        break;
      case 1:
        event = Ack{id(), where(), number(), number(), number(), number(), number()};
        break;
      case 2:
        event = Deliver{id(),
                        where(),
                        number(),
                        number(),
                        id(),
                        number(),
                        where(),
                        number(),
                        number(),
                        random.below(2) == 0,
                        static_cast<std::int32_t>(random.next()),
                        id(),
                        number()};
        break;
      case 3:
        event = Sample{where(),
                       number(),
                       id(),
                       number(),
                       number(),
                       static_cast<std::int32_t>(random.next()),
                       0,
                       random.below(2) == 0,
                       {INT32_MIN, INT32_MAX}};
        break;
      default:
        event = Gauge{id(), id(), where(), number(), number()};
        break;
    }
    writer->add(event);
    expected.push_back(event);
    if (random.below(50) == 0) {
      ASSERT_TRUE(writer->flush());
    }
  }
  ASSERT_TRUE(writer->close());
  const auto back = read_back(file.path());
  ASSERT_TRUE(back->facts) << back->facts.error().what;
  ASSERT_TRUE(back->events == expected);
}

TEST(segments, a_flush_larger_than_a_frame_becomes_several_frames) {
  EvidenceFile file;
  auto writer = *SegmentWriter::create(file.path());
  const Id host = writer->names().intern("h");
  for (int i = 0; i < 200'000; ++i) writer->add(ClockOffset{host, kMax - i, i});
  EXPECT_GT(writer->open_bytes(), 2u << 20);
  ASSERT_TRUE(writer->close());
  const auto back = read_back(file.path());
  ASSERT_TRUE(back->facts) << back->facts.error().what;
  EXPECT_EQ(back->events.size(), 200'000u);
  EXPECT_GT(back->facts->segments, 4);
  EXPECT_TRUE(back->events.back() == Event(ClockOffset{host, kMax - 199'999, 199'999}));
}

TEST(segments, a_run_of_the_clean_case_costs_at_most_ten_bytes) {
  auto writer = SegmentWriter::to_nowhere();
  Names& names = writer->names();
  const Id p = names.intern("p");
  const Partition where{names.intern("orders"), 3};
  const auto batch = [&](std::int64_t i) {
    writer->add(Send{.producer = p, .where = where, .sequence = 500 * i, .count = 500, .at = 1'600'000 * i});
    writer->add(Ack{.producer = p,
                    .where = where,
                    .sequence = 500 * i,
                    .offset = 500 * i,
                    .count = 500,
                    .at = 1'600'000 * i + 900'000,
                    .span = 800'000});
  };
  batch(0);
  const std::size_t before = writer->open_bytes();
  for (int i = 1; i <= 100; ++i) batch(i);
  EXPECT_LE(writer->open_bytes() - before, 100u * 2 * 10);
}

TEST(segments, a_file_is_never_written_by_two_incarnations) {
  EvidenceFile file;
  ASSERT_TRUE(SegmentWriter::create(file.path()));
  const auto second = SegmentWriter::create(file.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, common::base::ErrorKind::conflict);
}

}  // namespace
}  // namespace workloads::evidence
