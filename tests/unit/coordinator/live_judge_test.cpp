// Evidence that grows while it is judged: what is proved is told, and what is undecided is not called proved.
#include "coordinator/live_judge.h"

#include <condition_variable>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"
#include "workloads/evidence/segment_writer.h"

namespace coordinator {
namespace {

using namespace std::chrono_literals;
using judge::Kind;
using judge::Severity;
namespace evidence = workloads::evidence;

constexpr auto kPatience = 30s;

class live_judge : public ::testing::Test {
 protected:
  std::unique_ptr<evidence::SegmentWriter> file(const std::string& name) {
    auto writer = evidence::SegmentWriter::create(folder_.path() + "/" + name);
    EXPECT_TRUE(writer.has_value()) << writer.error().what;
    return std::move(*writer);
  }
  // Waits until the judge has told something of which `condition` holds.
  bool told(const std::function<bool(const report::LiveFindings&)>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return condition(judge_.findings()); });
  }

  tests::TemporaryFolder folder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  LiveJudge judge_{folder_.path(), {}, 1ms, [this] {
                     { const std::lock_guard lock(mutex_); }
                     changed_.notify_all();
                   }};
};

bool counts(const report::LiveFindings& findings, Kind kind, Severity severity, std::int64_t messages) {
  for (const auto& count : findings.counts)
    if (count.kind == kind && count.severity == severity) return count.messages == messages;
  return messages == 0;
}

// Ten records sent and acked.
void produce(evidence::SegmentWriter& writer) {
  const evidence::Id producer = writer.names().intern("p");
  const evidence::Partition where{writer.names().intern("orders"), 0};
  writer.add(evidence::ProducerInfo{producer});
  writer.add(evidence::Send{producer, where, 0, 10});
  writer.add(evidence::Ack{producer, where, 0, 0, 10});
  ASSERT_TRUE(writer.flush().has_value());
}

void deliver(evidence::SegmentWriter& writer, std::int64_t offset, std::int64_t count, bool intact) {
  const evidence::Id consumer = writer.names().intern("c");
  const evidence::Partition where{writer.names().intern("orders"), 0};
  evidence::Deliver run{consumer, where, offset, count, writer.names().intern("p"), offset, where};
  run.intact = intact;
  writer.add(run);
  ASSERT_TRUE(writer.flush().has_value());
}

TEST_F(live_judge, what_is_acked_and_not_read_yet_is_unread_and_no_finding) {
  const auto producer = file("p.fde");
  produce(*producer);
  EXPECT_TRUE(told([](const auto& findings) { return findings.unread == 10; }));
  EXPECT_FALSE(judge_.findings().violated());
  const auto consumer = file("c.fde");
  consumer->add(evidence::ConsumerInfo{consumer->names().intern("c")});
  deliver(*consumer, 0, 10, true);
  EXPECT_TRUE(told([](const auto& findings) { return findings.unread == 0; }));
  EXPECT_TRUE(judge_.findings().counts.empty());
}

TEST_F(live_judge, a_corrupt_record_is_a_violation_at_once_and_explained) {
  const auto producer = file("p.fde");
  produce(*producer);
  const auto consumer = file("c.fde");
  consumer->add(evidence::ConsumerInfo{consumer->names().intern("c")});
  deliver(*consumer, 0, 4, true);
  deliver(*consumer, 4, 1, false);
  EXPECT_TRUE(told([](const auto& findings) { return findings.violated(); }));
  const auto findings = judge_.findings();
  EXPECT_TRUE(counts(findings, Kind::corrupt, Severity::violation, 1));
  ASSERT_FALSE(findings.worst.empty());
  EXPECT_EQ(findings.worst[0].kind, Kind::corrupt);
  EXPECT_NE(findings.worst[0].explanation.find("orders-0"), std::string::npos) << findings.worst[0].explanation;
  EXPECT_TRUE(findings.as_of.has_value());
}

TEST_F(live_judge, damaged_evidence_is_told_and_what_was_judged_before_stays) {
  const auto producer = file("p.fde");
  produce(*producer);
  ASSERT_TRUE(told([](const auto& findings) { return findings.as_of.has_value(); }));
  std::ofstream(folder_.path() + "/x.fde", std::ios::binary) << std::string(100, 'x');
  EXPECT_TRUE(told([](const auto& findings) { return !findings.problem.empty(); }));
  EXPECT_NE(judge_.findings().problem.find("x.fde"), std::string::npos) << judge_.findings().problem;
  EXPECT_TRUE(judge_.findings().as_of.has_value());
}

}  // namespace
}  // namespace coordinator
