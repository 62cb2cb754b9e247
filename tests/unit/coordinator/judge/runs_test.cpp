#include "coordinator/judge/runs.h"

#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/random.h"

namespace coordinator::judge {
namespace {

TEST(DeliverStream, gives_back_what_was_added) {
  common::base::Random random(11);
  const Partition here{3, 1};
  const auto any = [&] { return static_cast<std::int64_t>(random.next() >> 2); };
  DeliverStream stream;
  std::vector<DeliverRun> added;
  for (int i = 0; i < 5000; ++i) {
    DeliverRun run;
    run.offset = any();
    run.count = 1 + static_cast<std::int64_t>(random.below(1000));
    run.line = i * 2;
    run.target = random.below(9) == 0 ? Partition{7, 2} : here;
    if (random.below(10) != 0) {
      run.producer = static_cast<Id>(random.below(90));  // more than there are slots
      run.sequence = any();
    }
    if (random.below(2) == 0) run.at = any();
    if (random.below(3) == 0) run.leader_epoch = static_cast<std::int32_t>(random.below(5));
    if (random.below(4) == 0) {
      run.within_producer = static_cast<Id>(random.below(5));
      run.within_transaction = any();
    }
    run.intact = random.below(20) != 0;
    stream.add(run, here);
    added.push_back(run);
  }
  std::size_t i = 0;
  stream.each(here, [&](const DeliverRun& run) {
    ASSERT_LT(i, added.size());
    const DeliverRun& was = added[i++];
    EXPECT_EQ(run.offset, was.offset);
    EXPECT_EQ(run.count, was.count);
    EXPECT_EQ(run.sequence, was.sequence);
    EXPECT_EQ(run.at, was.at);
    EXPECT_EQ(run.line, was.line);
    EXPECT_EQ(run.producer, was.producer);
    EXPECT_EQ(run.target, was.target);
    EXPECT_EQ(run.leader_epoch, was.leader_epoch);
    EXPECT_EQ(run.within_producer, was.within_producer);
    EXPECT_EQ(run.within_transaction, was.within_transaction);
    EXPECT_EQ(run.intact, was.intact);
  });
  EXPECT_EQ(i, added.size());
}

TEST(ProducerStream, gives_back_what_was_added) {
  common::base::Random random(12);
  const auto any = [&] { return static_cast<std::int64_t>(random.next() >> 2); };
  ProducerStream stream;
  std::vector<SendRun> sent;
  std::vector<AckRun> acked;
  for (int i = 0; i < 5000; ++i) {
    if (random.below(2) == 0) {
      SendRun run{any(), 1 + static_cast<std::int64_t>(random.below(9))};
      run.line = i;
      if (random.below(2) == 0) run.at = any();
      if (random.below(3) == 0) run.transaction = any();
      if (random.below(3) == 0) run.key = static_cast<Id>(random.below(9));
      stream.add(run);
      sent.push_back(run);
    } else {
      AckRun run{any(), 1 + static_cast<std::int64_t>(random.below(9))};
      run.line = i;
      if (random.below(2) == 0) run.at = any();
      if (random.below(3) != 0) run.offset = any();
      stream.add(run);
      acked.push_back(run);
    }
  }
  std::size_t s = 0, a = 0;
  stream.each(
      [&](const SendRun& run) {
        ASSERT_LT(s, sent.size());
        const SendRun& was = sent[s++];
        EXPECT_EQ(std::tie(run.sequence, run.count, run.at, run.transaction, run.key, run.line),
                  std::tie(was.sequence, was.count, was.at, was.transaction, was.key, was.line));
      },
      [&](const AckRun& run) {
        ASSERT_LT(a, acked.size());
        const AckRun& was = acked[a++];
        EXPECT_EQ(std::tie(run.sequence, run.count, run.offset, run.at, run.line),
                  std::tie(was.sequence, was.count, was.offset, was.at, was.line));
      });
  EXPECT_EQ(s, stream.sends());
  EXPECT_EQ(a, stream.acks());
}

}  // namespace
}  // namespace coordinator::judge
