// More than can be listed, and more than one thread judges.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "coordinator/judge/finding_list.h"
#include "coordinator/judge/interval_set.h"
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
  void delivered(Id id, std::int32_t partition, std::int64_t sequence, std::int64_t offset, std::int64_t count = 1) {
    Deliver d;
    d.count = count;
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

// Of the claims to one offset the pairs with the first 100 are listed; here the only violation is a later one.
TEST_F(ManyFindings, never_hide_the_one_that_is_a_violation) {
  for (int i = 0; i <= 101; ++i) {
    const Id one = names_.intern("p" + std::to_string(1000 + i));
    add(ProducerInfo{one, kNoId, i < 100 ? Acks::one : Acks::all, true, 5, kNoId});
    sent(one, 0, 0, 0);
    reader_ = names_.intern("c" + std::to_string(i));
    add(ConsumerInfo{reader_, kNoId, kNoId, {}, {}});
    delivered(one, 0, 0, 0);
  }
  EXPECT_TRUE(has_violation(judge_.so_far()));
  add(End{});
  const JudgeResult result = judge_.result();
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.exit_code, 10);
  ASSERT_FALSE(result.findings.empty());
  EXPECT_EQ(result.findings.front().severity, Severity::violation);
  EXPECT_EQ(result.findings.front().messages.size(), 2U);
  EXPECT_EQ(result.findings.size(), 102U * 101 / 2);
}

constexpr std::int64_t kHuge = 1'000'000'000'000;

// Nothing may go record by record; tests/fuzz/histories has these as seeds, too.
TEST_F(ManyFindings, of_one_long_run_over_foreign_records_are_counted) {
  const Id strict = producer("strict", true);
  add(Send{strict, {topic_, 0}, 0, kHuge, kNoTime, kNoOffset, kNoId});
  add(Ack{strict, {topic_, 0}, 0, 0, kHuge, kNoTime, 0});
  delivered(strict, 0, 0, 0, kHuge);
  reader_ = names_.intern("d");
  add(ConsumerInfo{reader_, kNoId, kNoId, {}, {}});
  delivered(kNoId, 0, kNoOffset, 0, kHuge);
  add(End{});
  const JudgeResult result = judge_.result();
  EXPECT_EQ(result.exit_code, 10);
  EXPECT_EQ(result.findings.size(), static_cast<std::size_t>(kMostFindings));
  ASSERT_EQ(result.left_out.size(), 1U);
  EXPECT_EQ(result.left_out[0].kind, Kind::offset_conflict);
  EXPECT_EQ(result.left_out[0].findings, kHuge - kMostFindings);
  EXPECT_EQ(result.left_out[0].records, kHuge - kMostFindings);
}

TEST_F(ManyFindings, of_one_long_run_that_was_sent_too_late_are_counted) {
  const Id host = names_.intern("host"), early = names_.intern("early"), late = names_.intern("late");
  add(ProducerInfo{early, host, Acks::one, true, 5, kNoId});
  add(ProducerInfo{late, host, Acks::one, true, 5, kNoId});
  add(Send{early, {topic_, 0}, 0, 1, 1, kNoOffset, kNoId});
  add(Ack{early, {topic_, 0}, 0, kHuge, 1, 2, 0});
  add(Send{late, {topic_, 0}, 0, kHuge, 3, kNoOffset, kNoId});
  add(Ack{late, {topic_, 0}, 0, 0, kHuge, 4, 0});
  delivered(late, 0, 100, 100, kHuge - 200);  // the others, which were seen by nobody, may be lost
  delivered(early, 0, 0, kHuge);
  add(End{});
  const JudgeResult result = judge_.result();
  EXPECT_EQ(result.exit_code, 10);
  const auto listed = std::count_if(result.findings.begin(), result.findings.end(),
                                    [](const Finding& f) { return f.kind == Kind::realtime_reordered; });
  EXPECT_EQ(listed, kMostFindings);
  ASSERT_EQ(result.left_out.size(), 1U);
  EXPECT_EQ(result.left_out[0].findings, kHuge - 200 - kMostFindings);
  EXPECT_EQ(result.left_out[0].records, 2 * (kHuge - 200 - kMostFindings));
}

TEST_F(ManyFindings, that_are_left_out_are_summed_without_overflow) {
  std::vector<LeftOut> sum;
  for (int i = 0; i < 3; ++i) add_left_out(sum, {Kind::lost, Severity::violation, kInfinity, kInfinity});
  ASSERT_EQ(sum.size(), 1U);
  EXPECT_GT(sum[0].findings, kHuge);
  EXPECT_LT(sum[0].findings, kInfinity / 100);
}

// A compacted topic holds the last record of a key, however many a line tells of.
TEST_F(ManyFindings, do_not_come_of_a_long_run_that_was_compacted) {
  const Id compacted = names_.intern("compacted"), strict = producer("strict", true);
  add(TopicInfo{compacted, 3, 3, 2, false, true});
  for (std::int32_t partition = 0; partition < 3; ++partition) {
    add(Send{strict, {compacted, partition}, 0, kHuge, kNoTime, kNoOffset, names_.intern("key")});
    add(Ack{strict, {compacted, partition}, 0, partition == 2 ? kNoOffset : 0, kHuge, kNoTime, 0});
  }
  topic_ = compacted;
  add(Assign{reader_, {compacted, 1}, 0, kNoTime});
  delivered(strict, 1, kHuge - 1, kHuge - 1);
  add(End{});
  const JudgeResult result = judge_.result();
  ASSERT_EQ(result.findings.size(), 2U);
  for (const Finding& finding : result.findings) {
    EXPECT_EQ(finding.kind, Kind::unread);
    ASSERT_EQ(finding.messages.size(), 1U);
    EXPECT_EQ(finding.messages[0].sequence, kHuge - 1);
    EXPECT_EQ(finding.messages[0].count, 1);
  }
  EXPECT_EQ(std::int64_t{result.books.excused}, 3 * (kHuge - 1));
}

// Ids of evidence files are bytes.
TEST_F(ManyFindings, are_json_whatever_the_names) {
  delivered(producer("p\xb7\xc3\xa4", true), 0, 0, 0);
  add(End{});
  const auto json = nlohmann::json::parse(common::base::json_text(to_json(judge_.result(), names_)));
  ASSERT_EQ(json["findings"].size(), 1U);
  EXPECT_EQ(json["findings"][0]["messages"][0]["producer"], "p\xef\xbf\xbd\xc3\xa4");
}

// Inputs are kept as runs: what two of them share is still told input by input.
TEST_F(ManyFindings, come_of_inputs_that_were_processed_twice_one_each) {
  const Id worker = names_.intern("worker");
  add(ProducerInfo{worker, kNoId, Acks::all, true, 5, names_.intern("t")});
  const Partition input{names_.intern("inputs"), 0};
  std::int64_t sequence = 0;
  const auto process = [&](std::int64_t transaction, std::int64_t from, std::int64_t to) {
    const std::int64_t first = sequence;
    add(Transaction{worker, transaction, TransactionState::begun, kNoTime});
    add(Send{worker, {topic_, 0}, first, to - from, kNoTime, transaction, kNoId});
    add(Ack{worker, {topic_, 0}, first, first, to - from, kNoTime, 0});
    for (std::int64_t at = from; at < to; ++at) add(Input{worker, {topic_, 0}, sequence++, input, at});
    add(Transaction{worker, transaction, TransactionState::commit_asked, kNoTime});
    add(Transaction{worker, transaction, TransactionState::committed, kNoTime});
  };
  process(1, 0, 10);
  process(2, 7, 12);
  process(2, 10, 11);  // within one transaction it is no other one's
  process(3, 11, 14);
  delivered(worker, 0, 0, 0, sequence);
  add(End{});
  const JudgeResult result = judge_.result();
  std::vector<std::pair<std::int64_t, std::vector<std::int64_t>>> said;
  for (const Finding& finding : result.findings) {
    EXPECT_EQ(finding.kind, Kind::processed_twice);
    EXPECT_EQ(finding.where, input);
    ASSERT_EQ(finding.offsets.size(), 1U);
    said.emplace_back(finding.offsets[0].offset, std::vector<std::int64_t>{});
    for (const MessageRun& run : finding.messages) said.back().second.push_back(run.sequence);
  }
  const decltype(said) expected{{7, {7, 10}}, {8, {8, 11}}, {9, {9, 12}}, {11, {14, 16}}};
  EXPECT_EQ(said, expected);
}

TEST(HasViolation, that_is_counted_and_not_listed) {
  JudgeResult result;
  result.left_out.push_back({Kind::lost, Severity::allowed, 1, 1});
  EXPECT_FALSE(has_violation(result));
  result.left_out.push_back({Kind::lost, Severity::violation, 1, 1});
  EXPECT_TRUE(has_violation(result));
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
