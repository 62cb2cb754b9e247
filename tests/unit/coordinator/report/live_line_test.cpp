#include "coordinator/report/live_line.h"

#include <gtest/gtest.h>

namespace coordinator::report {
namespace {

using judge::Kind;
using judge::Severity;

LiveState running() {
  LiveState state;
  state.phase = "fault";
  state.elapsed = 12 * common::base::kSecond;
  state.sent = 1'000;
  state.acked = 990;
  return state;
}

TEST(live_line, a_violation_stands_before_everything_that_a_narrow_terminal_cuts) {
  LiveState state = running();
  state.findings.counts = {{Kind::lost, Severity::violation, 1, 3}};
  EXPECT_EQ(live_line(state).substr(0, 38), "T+12s  fault | VIOLATED 3 lost | sent ");
}

TEST(live_line, what_is_only_not_read_yet_is_no_news) {
  LiveState state = running();
  state.findings.unread = 40;
  EXPECT_EQ(live_line(state).find("unread"), std::string::npos) << live_line(state);
}

TEST(live_line, what_the_configuration_allows_is_told_as_allowed) {
  LiveState state = running();
  state.findings.counts = {{Kind::redelivered, Severity::allowed, 2, 7}};
  EXPECT_NE(live_line(state).find("| allowed 7 redelivered |"), std::string::npos) << live_line(state);
}

TEST(live_line, a_loss_that_late_evidence_may_still_excuse_is_told_as_undecided) {
  LiveState state = running();
  state.findings.counts = {{Kind::lost, Severity::undecided, 1, 3}};
  EXPECT_NE(live_line(state).find("| undecided 3 lost |"), std::string::npos) << live_line(state);
}

TEST(live_findings, worst_come_first_and_the_list_is_bounded_while_counts_are_exact) {
  workloads::evidence::Names names;
  const workloads::evidence::Id producer = names.intern("p");
  const workloads::evidence::Partition where{names.intern("orders"), 0};
  judge::JudgeResult judged;
  for (std::int64_t i = 0; i < 50; ++i) {
    judge::Finding finding;
    finding.kind = Kind::lost;
    finding.severity = Severity::violation;
    finding.where = where;
    finding.messages = {{producer, 10 * i, 2}};
    judged.findings.push_back(finding);
  }
  judged.left_out = {{Kind::lost, Severity::violation, 7, 1'000}};
  const auto live = live_findings(judged, names, {}, 7);
  EXPECT_TRUE(live.violated());
  EXPECT_EQ(live.worst.size(), kMostLiveFindings);
  ASSERT_EQ(live.counts.size(), 1U);
  EXPECT_EQ(live.counts[0].findings, 57) << "with those that are too many to be listed";
  EXPECT_EQ(live.counts[0].messages, 1'100);
  EXPECT_EQ(live.as_of, 7);
}

TEST(live_findings, waived_violations_do_not_hide_one_that_is_not) {
  workloads::evidence::Names names;
  judge::JudgeResult judged;
  for (int i = 0; i < 21; ++i) judged.findings.emplace_back().kind = Kind::duplicated;
  const std::set<std::string> waived = {"duplicated"};
  EXPECT_FALSE(live_findings(judged, names, waived, 7).violated());
  judged.findings.emplace_back().kind = Kind::reordered;
  LiveState state = running();
  state.findings = live_findings(judged, names, waived, 7);
  EXPECT_TRUE(state.findings.violated());
  EXPECT_EQ(state.findings.worst.front().kind, Kind::reordered) << "it stops the run, so it is the one to be told";
  EXPECT_EQ(state.findings.worst.size(), kMostLiveFindings);
  EXPECT_NE(live_line(state).find("| VIOLATED 1 reordered | waived 21 duplicated |"), std::string::npos)
      << live_line(state);
}

}  // namespace
}  // namespace coordinator::report
