// What an engineer reads, line by line, for a clean run and for one that lost messages.
#include "coordinator/report/terminal_text.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/report/report_json.h"
#include "coordinator/report/text_layout.h"
#include "tests/unit/coordinator/report/made_evidence.h"

namespace coordinator::report {
namespace {

using workloads::evidence::FaultState;

std::vector<scenario::Expectation> expectations(const std::vector<std::string>& texts) {
  std::vector<scenario::Expectation> all;
  for (const std::string& text : texts) all.push_back(*scenario::parse_expectation(text));
  return all;
}

// A drill of 10 s on one partition; its leader is killed at 4,000 and the producer is silent until 6,000.
ReportInput drill() {
  auto names = std::make_shared<workloads::evidence::Names>();
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.phase("fault", 3'990);
  made.phase("drain", 10'000);
  made.producer("p1");
  made.consumer("c1", "readers");
  made.fault("kill-leader", FaultState::injecting, 4'000);
  made.fault("kill-leader", FaultState::active, 4'010, "pid 7 exited; connect refused");
  made.fault("kill-leader", FaultState::reverting, 7'000);
  made.fault("kill-leader", FaultState::reverted, 8'000);
  made.sample(0, 3'900, 1, {1, 2, 3});
  made.sample(0, 5'700, 1, {1, 2, 3});
  made.sample(0, 5'900, 2, {2, 3});
  made.sample(0, 9'000, 2, {1, 2, 3});
  for (const std::int64_t at : {0, 4'500, 9'000}) made.controller(at, 3);
  for (std::int64_t i = 0; i < 100; ++i) {
    const std::int64_t at = i * 100;
    made.send("p1", 0, i, at);
    const std::int64_t acked = at >= 4'000 && at < 6'000 ? 6'000 : at;
    made.ack("p1", 0, i, acked + 5);
    made.deliver("c1", 0, i, acked + 7);
  }
  for (std::int64_t second = 0; second < 10; ++second) {
    made.latency("p1", "ack", second, second == 4 ? 1'900 : 5, 10);
    made.latency("c1", "end_to_end", second, 7, 10);
  }
  ReportInput input;
  input.facts.run = "r1";
  input.facts.scenario = "leader-election";
  input.facts.seed = 7;
  input.facts.cluster_id = "abc";
  input.facts.partitions_expected = 1;
  input.audit.partitions = 1;
  input.measured = made.measure();
  input.judged.verdict = judge::Verdict::pass;
  input.judged.books.sent = input.judged.books.acked = input.judged.books.present = 100;
  input.expectations = expectations({"lost == 0", "max(producer_unavailability) < 30s"});
  input.validity = expectations({"leader_changes >= 1 during fault", "in_flight_at_leader_change >= 1"});
  for (workloads::evidence::Id id = 0; id < made.names.size(); ++id) names->intern(made.names.text(id));
  input.names = names;
  return input;
}

TEST(TerminalText, a_clean_run_fits_one_screen) {
  EXPECT_EQ(terminal_text(compose(drill()), {}),
            R"(PASS  All 100 acked records are in the log and were read, through 1 fault and 1 leader change;
      partitions were silent for at most 2.10 s.
leader-election, run r1, seed 7, cluster abc, lasted 10.0s, exit 0

books      sent  100 = acked 100 + refused 0 + unknown 0 + aborted 0
           acked 100 = present 100 + lost 0 + unread 0 + excused 0
           beside them in the log: 0 unknown that landed, 0 extra copies, 0 phantoms, 0 foreign
           the books balance

findings   none: nothing lost, duplicated, reordered, skipped or invented

phases                                 ack                           end to end, one clock
                      lasted   acked   p50   p90   p99 p99.9   max   p50   p90   p99 p99.9   max
           steady      3.99s  10.0/s 5.1ms 5.1ms 5.1ms 5.1ms 5.1ms 7.0ms 7.0ms 7.0ms 7.0ms 7.0ms
           fault       6.01s  9.98/s 5.1ms  1.9s  1.9s  1.9s  1.9s 7.0ms 7.0ms 7.0ms 7.0ms 7.0ms

fault      kill-leader: kill leader of orders-0, for 2.99s, back after 4.00s, T+4.00s into the run
           felt: pid 7 exited; connect refused
           +10.0ms felt · +1.90s new leaders · +2.00s acks again · +2.01s deliveries again ·
             +4.00s reverted · +5.00s ISR complete
           leaders moved in 1 of 1 partitions (when is known to within 200ms)
           producers were silent in 1 of 1 partitions, longest 2.10s (orders-0)
           consumers were silent in 1 of 1 partitions, longest 2.10s (orders-0, readers)

expected   ok      lost == 0                           0
           ok      max(producer_unavailability) < 30s  2.10 s

valid if   ok      leader_changes >= 1 during fault    1
           ok      in_flight_at_leader_change >= 1     at least 19

not proved - Transactions: none was used.
           - Power loss, network and disk: only processes were touched, the page cache survived.
           - A change of the active controller: there was none.
           - Defects rarer than one in about 33 records, or that need more than 1 leader change
             (rule of three).
)");
}

TEST(TerminalText, no_line_is_wider_than_it_may_be) {
  const std::string text = terminal_text(compose(drill()), {.colour = false, .all = true});
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    EXPECT_LE(shown_width(std::string_view(text).substr(begin, end - begin)), 100u) << text.substr(begin, end - begin);
    begin = end + 1;
  }
}

TEST(TerminalText, colour_is_only_there_when_it_is_wanted) {
  EXPECT_EQ(terminal_text(compose(drill()), {}).find('\x1b'), std::string::npos);
  EXPECT_EQ(terminal_text(compose(drill()), {.colour = true}).find("\x1b[1;32mPASS\x1b[0m"), 0u);
}

TEST(Report, a_run_whose_leader_never_moved_proves_nothing) {
  ReportInput input = drill();
  input.measured.phases[1].leader_changes = 0;
  const Report report = compose(std::move(input));
  EXPECT_EQ(report.verdict, Verdict::inconclusive);
  EXPECT_EQ(
      report.sentence,
      "Nothing bad was found, but this run cannot pass: what it is for did not happen: it needs leader_changes >= "
      "1 during fault, but that is 0.");
}

TEST(TerminalText, what_nobody_observed_is_not_said_not_to_have_happened) {
  ReportInput input = drill();
  input.measured.run.controller_observed = false;
  FaultMeasured& fault = input.measured.faults[0];
  fault.leader_changes = 0;
  EXPECT_NE(terminal_text(compose(input), {}).find("           no leader moved\n"), std::string::npos);
  fault.cluster_observed = false;
  const std::string text = terminal_text(compose(std::move(input)), {});
  EXPECT_NE(text.find("whether a leader moved is not known: the cluster was not observed\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("active controller: it was not observed throughout, and none was seen."), std::string::npos);
}

TEST(Report, a_violation_comes_before_all_that_went_wrong_with_us) {
  ReportInput input = drill();
  input.facts.aborted = true;
  input.facts.infrastructure = {"agent a1 was lost"};
  input.judged.verdict = judge::Verdict::fail;
  const Report report = compose(std::move(input));
  EXPECT_EQ(report.verdict, Verdict::violated);
  EXPECT_EQ(report.reasons, std::vector<std::string>{"agent a1 was lost"});
}

TEST(Report, what_went_wrong_with_us_keeps_a_run_from_passing) {
  ReportInput input = drill();
  input.facts.infrastructure = {"agent a1 was lost in phase fault"};
  const Report report = compose(std::move(input));
  EXPECT_EQ(report.verdict, Verdict::inconclusive);
  EXPECT_EQ(report.sentence, "Nothing bad was found, but this run cannot pass: agent a1 was lost in phase fault.");
}

TEST(Report, an_expectation_missed_in_a_run_that_went_wrong_with_us_accuses_nobody) {
  ReportInput input = drill();
  input.facts.infrastructure = {"agent a1 was killed while task writer ran"};
  input.expectations = expectations({"unknown == 0"});
  input.judged.books.unknown = 5;
  const Report report = compose(std::move(input));
  EXPECT_EQ(report.expectations[0].outcome, Outcome::missed) << "it is told ..";
  EXPECT_EQ(report.verdict, Verdict::inconclusive) << ".. but no verdict on the cluster";
}

TEST(Report, without_any_message_it_is_infrastructure) {
  ReportInput input = drill();
  input.judged.books = {};
  input.facts.infrastructure = {"no broker answers at 127.0.0.1:1"};
  const Report report = compose(std::move(input));
  EXPECT_EQ(report.sentence, "Nothing could be judged: no broker answers at 127.0.0.1:1.");
  EXPECT_EQ(report.expectations[0].outcome, Outcome::undecided) << "nothing was lost, and nothing could have been";
}

TEST(TerminalText, without_any_message_nothing_is_acquitted) {
  ReportInput input = drill();
  input.measured = {};
  input.judged = {};
  input.judged.verdict = judge::Verdict::inconclusive;
  input.judged.reasons = {"nothing was acked"};
  input.facts.infrastructure = {"no broker answers at 127.0.0.1:1"};
  input.validity.clear();
  EXPECT_EQ(terminal_text(compose(std::move(input)), {}),
            R"(INFRASTRUCTURE  Nothing could be judged: no broker answers at 127.0.0.1:1.
leader-election, run r1, seed 7, cluster abc, exit 20

books      empty: nothing was sent

findings   not judged: nothing was sent

expected   not judged: nothing was sent

not proved - Anything: no message was sent.
)");
}

TEST(TerminalText, what_was_found_is_no_acquittal_where_the_judge_could_not_see_all) {
  ReportInput input = drill();
  input.judged.verdict = judge::Verdict::inconclusive;
  input.judged.reasons = {"the history was cut off: its `end` is missing", "3 acked records were read by nobody yet"};
  const Report report = compose(std::move(input));
  EXPECT_EQ(report.reasons, report.judged.reasons)
      << "that they keep `lost == 0` from being decided goes without saying";
  const std::string text = terminal_text(report, {});
  EXPECT_NE(text.find("?       lost == 0"), std::string::npos) << text;
  EXPECT_NE(text.find("\nfindings   none was found; that there are none is not proved\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nbecause    - the history was cut off"), std::string::npos) << text;
}

TEST(TerminalText, the_only_reason_is_told_once) {
  ReportInput input = drill();
  input.measured.phases[1].leader_changes = 0;
  const std::string text = terminal_text(compose(std::move(input)), {});
  EXPECT_EQ(text.find("because"), std::string::npos) << text;
  EXPECT_EQ(text.find("INCONCLUSIVE  Nothing bad was found, but this run cannot pass: what it is for"), 0U) << text;
}

TEST(TerminalText, a_phase_without_samples_has_dashes) {
  ReportInput input = drill();
  input.measured.phases[1].ack = {};
  const std::string text = terminal_text(compose(std::move(input)), {});
  EXPECT_NE(text.find("fault       6.01s  9.98/s     –     –     –     –     – 7.0ms"), std::string::npos) << text;
}

TEST(TerminalText, what_is_allowed_is_one_line_and_stands_behind_what_is_not) {
  ReportInput input = drill();
  auto names = std::make_shared<workloads::evidence::Names>(*input.names);
  judge::Finding finding;
  finding.kind = judge::Kind::redelivered;
  finding.severity = judge::Severity::allowed;
  finding.where = {names->intern("orders"), 0};
  finding.messages = {{names->intern("p1"), 1, 600}};
  input.judged.findings = {finding, finding};
  finding.kind = judge::Kind::skipped;
  finding.severity = judge::Severity::violation;
  input.judged.findings.push_back(finding);
  input.judged.verdict = judge::Verdict::fail;
  input.names = names;
  const Report report = compose(std::move(input));
  const std::string text = terminal_text(report, {});
  EXPECT_NE(text.find("\nfindings   3. skipped: 600 records"), std::string::npos) << text;
  EXPECT_NE(text.find("redelivered: 1,200 records in 2 findings [allowed, --all shows each]"), std::string::npos);
  EXPECT_EQ(terminal_text(report, {.colour = false, .all = true}).find("in 2 findings"), std::string::npos);
}

TEST(JudgeText, a_history_is_told_in_the_words_of_a_report) {
  auto names = std::make_shared<workloads::evidence::Names>();
  judge::JudgeResult result;
  result.verdict = judge::Verdict::fail;
  result.books.sent = result.books.acked = 1'200;
  result.books.present = 1'197;
  result.books.lost = 3;
  judge::Finding lost;
  lost.kind = judge::Kind::lost;
  lost.severity = judge::Severity::violation;
  lost.proof = judge::Proof::audit;
  lost.where = {names->intern("orders"), 0};
  lost.messages = {{names->intern("p1"), 97, 3}};
  lost.offsets = {{97, 3}};
  lost.witnesses = {4, 5, 9};
  lost.faults = {names->intern("kill-leader")};
  result.findings = {lost};
  EXPECT_EQ(judge_text(std::move(result), names, "the history", {}),
            R"(VIOLATED  lost: 3 records, p1#97..99 at orders-0 @97..99: each was acked, nobody was handed it, and
          an audit lacks it; active: kill-leader.

books      sent  1,200 = acked 1,200 + refused 0 + unknown 0 + aborted 0
           acked 1,200 = present 1,197 + lost 3 + unread 0 + excused 0
           beside them in the log: 0 unknown that landed, 0 extra copies, 0 phantoms, 0 foreign
           the books balance

findings   1. lost: 3 records, p1#97..99 at orders-0 @97..99: each was acked, nobody was handed it,
             and an audit lacks it; active: kill-leader [violation, lines 4 5 9]
           lines are those of the history
)");
}

TEST(Report, a_partition_that_never_came_back_after_the_faults_is_a_hang) {
  ReportInput input = drill();
  Stall stall;
  stall.where = {input.names->find("orders"), 0};
  stall.who = "producers";
  stall.begin = ms(5'000);
  stall.end = ms(38'000);
  stall.open = true;
  input.measured.producer_stalls = {stall};
  const ReportInput thirty_after_revert = input;
  EXPECT_EQ(compose(thirty_after_revert).verdict, Verdict::pass) << "30 s are not yet more than 30 s";
  input.measured.producer_stalls[0].end = ms(39'000);
  const Report report = compose(std::move(input));
  EXPECT_EQ(exit_code(report.verdict), 13);
  EXPECT_EQ(report.sentence,
            "A client or the cluster never came back: orders-0 confirmed nothing for 31.0s after everything was "
            "healed, until the end.");
}

TEST(Report, a_silence_under_a_fault_that_was_not_reverted_is_no_hang) {
  ReportInput input = drill();
  input.measured.faults[0].reverted.reset();
  Stall stall;
  stall.where = {input.names->find("orders"), 0};
  stall.who = "producers";
  stall.end = ms(90'000);
  stall.open = true;
  input.measured.producer_stalls = {stall};
  EXPECT_NE(compose(std::move(input)).verdict, Verdict::hang);
}

TEST(Report, a_missed_expectation_tells_what_was_measured) {
  ReportInput input = drill();
  input.expectations = expectations({"max(producer_unavailability) < 1s"});
  const Report report = compose(std::move(input));
  EXPECT_EQ(exit_code(report.verdict), 11);
  EXPECT_EQ(report.sentence,
            "max(producer_unavailability) < 1s was missed: 2.10 s. No message was mistreated beyond what the "
            "configuration allows.");
}

TEST(Report, what_was_not_proved_is_what_did_not_happen) {
  ReportInput input = drill();
  input.judged.books.unknown = 3;
  input.judged.books.unknown_landed = 2;
  input.audit.partitions = 0;
  const Report report = compose(std::move(input));
  ASSERT_GE(report.not_proved.size(), 3u);
  EXPECT_EQ(report.not_proved[0],
            "The fate of 3 records: their producer never learned it; 2 of them are in the log, and either is legal.");
  EXPECT_EQ(report.not_proved[2], "Absence in 1 of 1 partitions: they were not audited.");
}

TEST(ReportJson, milestones_are_relative_to_the_injection) {
  const auto json = to_json(compose(drill()));
  EXPECT_EQ(json["format"], 1);
  EXPECT_EQ(json["verdict"], "pass");
  const auto& partition = json["faults"][0]["partitions"][0];
  EXPECT_EQ(partition["partition"], "orders-0");
  EXPECT_EQ(partition["election_ns"], ms(1'900));
  EXPECT_EQ(partition["client_recovery_ns"], ms(105));
  EXPECT_EQ(partition["producer_unavailability_ns"], ms(2'100));
  EXPECT_EQ(partition["first_error_ns"], nullptr) << "no client told of one";
}

}  // namespace
}  // namespace coordinator::report
