#include "workloads/evidence/reservations.h"

#include <gtest/gtest.h>

#include "common/base/random.h"
#include "tests/unit/workloads/evidence/evidence_file.h"

namespace workloads::evidence {
namespace {

constexpr Id kProducer = 1;
constexpr Partition kWhere{2, 0};

std::vector<Send> open_of(const std::vector<Event>& events) {
  Reservations reservations;
  for (const auto& event : events) reservations.see(event);
  std::vector<Send> open;
  reservations.emit_open([&](const Event& event) { open.push_back(std::get<Send>(event)); });
  return open;
}

Send send(std::int64_t sequence, std::int64_t count) {
  return {.producer = kProducer, .where = kWhere, .sequence = sequence, .count = count};
}
Reserve reserve(std::int64_t sequence, std::int64_t count) {
  return {.producer = kProducer, .where = kWhere, .sequence = sequence, .count = count};
}

TEST(reservations, reserved_numbers_without_send_or_refusal_may_have_been_sent) {
  const auto open = open_of({reserve(0, 1000), send(0, 300), send(310, 90),
                             Refuse{.producer = kProducer, .where = kWhere, .sequence = 305, .count = 2}});
  EXPECT_EQ(open, (std::vector<Send>{send(300, 5), send(307, 3), send(400, 600)}));
}

TEST(reservations, a_number_that_was_acked_without_a_send_was_sent) {
  const auto open = open_of({reserve(0, 10), Ack{.producer = kProducer, .where = kWhere, .sequence = 0, .count = 10}});
  EXPECT_EQ(open, std::vector<Send>{send(0, 10)});
}

TEST(reservations, who_closes_gives_back_what_it_did_not_use_and_only_its_own) {
  const Reserve other{.producer = 7, .where = kWhere, .sequence = 0, .count = 5};
  const auto open = open_of({reserve(0, 10), other, Close{.actor = kProducer}});
  EXPECT_EQ(open, (std::vector<Send>{{.producer = 7, .where = kWhere, .sequence = 0, .count = 5}}));
}

TEST(reservations, adjoining_and_overlapping_ones_are_one) {
  EXPECT_EQ(open_of({reserve(0, 10), reserve(10, 10), reserve(15, 10), reserve(40, 1), reserve(2, 39)}),
            std::vector<Send>{send(0, 41)});
}

TEST(reservations, absurd_numbers_do_not_wrap_around) {
  EXPECT_EQ(open_of({reserve(INT64_MAX - 2, INT64_MAX)}), std::vector<Send>{send(INT64_MAX - 2, 2)});
  EXPECT_EQ(open_of({reserve(5, -3), send(INT64_MIN, 10), send(INT64_MAX, INT64_MAX)}), std::vector<Send>{});
}

TEST(reservations, agree_with_a_list_of_numbers_whatever_the_order) {
  common::base::Random random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<bool> open(100);
    std::vector<Event> events;
    for (int i = 0; i < 30; ++i) {
      const auto first = static_cast<std::int64_t>(random.below(90));
      const auto count = static_cast<std::int64_t>(1 + random.below(10));
      const bool opens = random.below(2) == 0;
      if (opens)
        events.push_back(reserve(first, count));
      else
        events.push_back(send(first, count));
      for (std::int64_t n = first; n < first + count; ++n) open[static_cast<std::size_t>(n)] = opens;
    }
    std::vector<bool> told(100);
    for (const auto& stretch : open_of(events))
      for (std::int64_t n = stretch.sequence; n < stretch.sequence + stretch.count; ++n)
        told[static_cast<std::size_t>(n)] = true;
    ASSERT_TRUE(told == open) << "round " << round;
  }
}

TEST(reservations, a_killed_producer_is_reported_when_its_file_is_read) {
  EvidenceFile file;
  {
    auto writer = *SegmentWriter::create(file.path());
    const Id p = writer->names().intern("p");
    const Partition where{writer->names().intern("orders"), 4};
    writer->add(ProducerInfo{.producer = p});
    writer->add(Reserve{.producer = p, .where = where, .sequence = 0, .count = 100});
    writer->add(Send{.producer = p, .where = where, .sequence = 0, .count = 60, .at = 5});
    ASSERT_TRUE(writer->close());
  }
  const auto back = read_back(file.path());
  EXPECT_FALSE(back->facts->closed);
  ASSERT_EQ(back->events.size(), 4u);
  const Send& assumed = std::get<Send>(back->events.back());
  EXPECT_EQ(assumed.sequence, 60);
  EXPECT_EQ(assumed.count, 40);
  EXPECT_EQ(assumed.at, kNoTime);
}

}  // namespace
}  // namespace workloads::evidence
