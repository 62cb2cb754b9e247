// More than can be listed, and more than one thread judges.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/judge/finding_list.h"
#include "coordinator/judge/judge.h"

namespace coordinator::judge {
namespace {

using namespace workloads::evidence;

class ManyFindings : public testing::Test {
 protected:
  ManyFindings() {
    add(TopicInfo{topic_, 16, 3, 2, false, false});
    add(ConsumerInfo{reader_, kNoId, kNoId, {}, {}});
  }
  void add(const Event& event) { judge_.add(event, ++line_); }
  Id producer(const std::string& name, bool idempotence) {
    const Id id = names_.intern(name);
    add(ProducerInfo{id, kNoId, Acks::all, idempotence, 5, kNoId});
    return id;
  }
  void sent(Id id, std::int32_t partition, std::int64_t sequence, std::int64_t offset) {
    add(Send{id, {topic_, partition}, sequence, 1, kNoTime, kNoOffset, kNoId});
    add(Ack{id, {topic_, partition}, sequence, offset, 1, kNoTime, 0});
  }
  void delivered(Id id, std::int32_t partition, std::int64_t sequence, std::int64_t offset) {
    Deliver d;
    d.consumer = reader_;
    d.where = d.target = {topic_, partition};
    d.producer = id;
    d.sequence = sequence;
    d.offset = offset;
    add(d);
  }

  Names names_;
  Id topic_ = names_.intern("orders"), reader_ = names_.intern("c");
  Judge judge_{names_};
  std::int64_t line_ = 0;
};

TEST_F(ManyFindings, are_listed_up_to_a_bound_violations_first_and_the_rest_is_counted) {
  const std::int64_t copies = kMostFindings + 2'345;
  const Id loose = producer("loose", false), strict = producer("strict", true);
  for (std::int64_t i = 0; i < copies; ++i) sent(loose, 0, i, 2 * i);
  sent(strict, 0, 0, 2 * copies);
  for (std::int64_t i = 0; i < copies; ++i) delivered(loose, 0, i, 2 * i);
  delivered(strict, 0, 0, 2 * copies);
  for (std::int64_t i = 0; i < copies; ++i) delivered(loose, 0, i, 2 * copies + 1 + 2 * i);
  delivered(strict, 0, 0, 9 * copies);
  add(End{});
  const JudgeResult result = judge_.result();
  EXPECT_EQ(result.verdict, Verdict::fail);
  ASSERT_EQ(result.findings.size(), static_cast<std::size_t>(kMostFindings));
  EXPECT_EQ(result.findings.front().severity, Severity::violation);
  EXPECT_EQ(result.findings.front().messages.front().producer, strict);
  ASSERT_EQ(result.left_out.size(), 1U);
  EXPECT_EQ(result.left_out[0].kind, Kind::duplicated);
  EXPECT_EQ(result.left_out[0].severity, Severity::allowed);
  EXPECT_EQ(result.left_out[0].findings, copies + 1 - kMostFindings);
  EXPECT_EQ(result.left_out[0].records, copies + 1 - kMostFindings);
  const auto json = to_json(result, names_);
  EXPECT_EQ(json["left_out"][0]["findings"], copies + 1 - kMostFindings);
}

// Enough for several threads; asked partition by partition, each is judged alone.
TEST_F(ManyFindings, are_the_same_on_one_thread_and_on_several) {
  const Id strict = producer("strict", true);
  constexpr std::int64_t kRecords = 4'000;
  for (std::int32_t partition = 0; partition < 16; ++partition) {
    for (std::int64_t i = 0; i < kRecords; ++i) sent(strict, partition, i, i);
    for (std::int64_t i = 0; i < kRecords; ++i)
      if (i % (100 + partition) != 7) delivered(strict, partition, i, i);
    for (std::int64_t i = 0; i < 10; ++i) delivered(strict, partition, 50 * i, kRecords + 2 * i);
    judge_.so_far();
  }
  const auto alone = to_json(judge_.so_far(), names_);
  judge_.result();  // drops what was kept
  EXPECT_EQ(to_json(judge_.so_far(), names_), alone);
  EXPECT_GT(alone["findings"].size(), 16U * 20);
}

}  // namespace
}  // namespace coordinator::judge
