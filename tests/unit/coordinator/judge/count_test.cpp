// Numbers of messages whose sum is beyond what 63 bits hold.
#include "coordinator/judge/count.h"

#include <limits>

#include <gtest/gtest.h>

#include "coordinator/judge/judge.h"

namespace coordinator::judge {
namespace {

using namespace workloads::evidence;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(Count, is_exact_inside_and_told_as_what_63_bits_hold) {
  Count sum = kMost;
  sum += kMost;
  EXPECT_EQ(std::int64_t{sum}, kMost);
  EXPECT_TRUE(sum.is_sum_of({kMost, kMost}));
  EXPECT_FALSE(sum.is_sum_of({kMost}));
  sum -= kMost;
  sum -= 1;
  EXPECT_EQ(std::int64_t{sum}, kMost - 1);
  EXPECT_TRUE(Count(kMost).times(2).is_sum_of({kMost, kMost}));
}

TEST(Count, lets_the_books_balance_however_much_was_sent) {
  for (const bool acked : {true, false}) {
    Names names;
    Judge judge(names);
    std::int64_t line = 0;
    const Id topic = names.intern("orders");
    judge.add(TopicInfo{topic, 3, 3, 2, false, false}, ++line);
    for (std::int32_t partition = 0; partition < 3; ++partition) {
      for (const char* name : {"p1", "p2"}) {
        const Id producer = names.intern(std::string(name) + std::to_string(partition));
        judge.add(ProducerInfo{producer, kNoId, Acks::all, true, 5, kNoId}, ++line);
        judge.add(Send{producer, {topic, partition}, 0, kMost / 2, kNoTime, kNoOffset, kNoId}, ++line);
        const std::int64_t offset = *std::prev(names.text(producer).end(), 2) == '1' ? 0 : kMost / 2;
        if (acked) judge.add(Ack{producer, {topic, partition}, 0, offset, kMost / 2, kNoTime, 0}, ++line);
      }
    }
    const JudgeResult result = judge.result();
    EXPECT_TRUE(result.books.balanced);
    EXPECT_EQ(std::int64_t{result.books.sent}, kMost);
    EXPECT_EQ(std::int64_t{acked ? result.books.acked : result.books.unknown}, kMost);
  }
}

}  // namespace
}  // namespace coordinator::judge
