// What was promised in a run, what became of it, and what a waiver changes.
#include "coordinator/report/promised.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/report/report_json.h"
#include "coordinator/report/terminal_text.h"
#include "tests/unit/coordinator/report/made_evidence.h"

namespace coordinator::report {
namespace {

using workloads::evidence::Acks;

judge::Finding finding(judge::Kind kind, judge::Severity severity) {
  judge::Finding made;
  made.kind = kind;
  made.severity = severity;
  made.messages = {{0, 4, 1}};
  return made;
}

// Two producers, one with acks=1; a group that commits by itself, a reader by hand, an auditor.
std::vector<Setup> setups(bool with_careless = true) {
  MadeEvidence made;
  made.topic(1);
  made.producer("r1.writer.503084ad");
  made.producer("r1.writer.503084ae");
  made.consumer("r1.reader-1.503084ad", "readers");
  made.consumer("r1.reader-2.503084ad", "readers");
  made.consumer("bystander.503084ad", "");
  made.consumer("auditor", "");
  if (with_careless) {
    workloads::evidence::ProducerInfo careless;
    careless.producer = made.id("r1.careless.503084ad");
    careless.acks = Acks::one;
    careless.idempotence = false;
    made.add(careless);
    made.send("r1.careless.503084ad", 0, 0, 1);
  }
  for (const char* writer : {"r1.writer.503084ad", "r1.writer.503084ae"}) made.send(writer, 0, 0, 1);
  for (const char* reader : {"r1.reader-1.503084ad", "r1.reader-2.503084ad", "bystander.503084ad", "auditor"})
    made.deliver(reader, 0, 0, 2);
  made.add(workloads::evidence::Audit{made.id("auditor"), made.at(0), 0, 1});
  SetupFinder finder(made.names,
                     {{"reader-1", judge::CommitMode::automatic}, {"reader-2", judge::CommitMode::automatic}});
  for (const auto& event : made.events) finder.add(event);
  return finder.take();
}

ReportInput input(const std::vector<judge::Finding>& findings) {
  ReportInput input;
  input.judged.findings = findings;
  input.judged.verdict = judge::Verdict::pass;
  for (const judge::Finding& one : findings)
    if (one.severity == judge::Severity::violation) input.judged.verdict = judge::Verdict::fail;
  input.judged.books.sent = input.judged.books.acked = input.judged.books.present = 9;
  auto names = std::make_shared<workloads::evidence::Names>();
  names->intern("p1");
  input.names = names;
  input.setups = setups(false);
  return input;
}

std::string became(const std::vector<Promised>& all, judge::Hazard hazard) {
  std::string text;
  for (const Promised& one : all)
    if (one.row->hazard == hazard)
      text += (text.empty() ? "" : "; ") + one.configuration + ": " + name_of(one.outcome) + " " +
              std::to_string(one.findings);
  return text;
}

TEST(Promised, is_told_by_evidence_for_each_producer_and_group) {
  const auto all = setups();
  std::vector<std::string> who;
  for (const auto& setup : all) who.push_back(setup.who + " with " + setup.topic);
  EXPECT_EQ(who, (std::vector<std::string>{"bystander with orders", "readers with orders", "r1.careless with orders",
                                           "r1.writer with orders"}));
  EXPECT_EQ(all[1].configuration.commit, judge::CommitMode::automatic);
  EXPECT_TRUE(all[1].group);
  EXPECT_FALSE(all[0].group);
}

TEST(Promised, each_configuration_answers_for_what_it_gives_rise_to) {
  judge::JudgeResult judged;
  judged.verdict = judge::Verdict::pass;
  judged.findings = {finding(judge::Kind::lost, judge::Severity::allowed)};
  const auto all = promised(setups(), judged, {}, false, {});
  EXPECT_EQ(became(all, judge::Hazard::loss),
            "acks=1, min.insync.replicas 2 of 3: happened 1; acks=all, min.insync.replicas 2 of 3: kept 0");
  EXPECT_EQ(became(all, judge::Hazard::duplication), "no idempotence: did not happen 0; idempotence: kept 0");
  EXPECT_EQ(became(all, judge::Hazard::skipping), "automatic commit: did not happen 0");
  EXPECT_EQ(became(all, judge::Hazard::tearing), "") << "nobody used transactions";
}

TEST(Promised, what_the_run_could_not_show_is_not_proved) {
  judge::JudgeResult judged;
  judged.verdict = judge::Verdict::inconclusive;
  EXPECT_EQ(became(promised(setups(false), judged, {}, false, {}), judge::Hazard::loss),
            "acks=all, min.insync.replicas 2 of 3: not proved 0");
  EXPECT_EQ(became(promised(setups(false), judged, {}, false, {}), judge::Hazard::redelivery),
            "automatic commit: not proved 0")
      << "what is possible may have happened unseen";
  judged.verdict = judge::Verdict::fail;
  judged.findings = {finding(judge::Kind::redelivered, judge::Severity::violation)};
  EXPECT_EQ(became(promised(setups(false), judged, {}, false, {}), judge::Hazard::redelivery),
            "automatic commit: broken 1")
      << "below a confirmed commit it is promised";
}

TEST(Promised, a_finding_is_charged_to_the_configurations_of_its_topic) {
  workloads::evidence::Names names;
  report::Setup careful{"writer", "orders", true, false, {}};
  report::Setup strict{"writer", "bills", true, false, {}};
  strict.configuration.min_insync_replicas = 3;
  judge::JudgeResult judged;
  judged.verdict = judge::Verdict::fail;
  judged.findings = {finding(judge::Kind::lost, judge::Severity::violation)};
  judged.findings[0].where = {names.intern("orders"), 0};
  EXPECT_EQ(became(promised({strict, careful}, judged, names, false, {}), judge::Hazard::loss),
            "acks=all, min.insync.replicas 3 of 3: kept 0; acks=all, min.insync.replicas 2 of 3: broken 1");
  judged.left_out = {{judge::Kind::lost, judge::Severity::violation, 5, 5}};
  EXPECT_EQ(became(promised({strict, careful}, judged, names, false, {}), judge::Hazard::loss),
            "acks=all, min.insync.replicas 3 of 3: not proved 5; acks=all, min.insync.replicas 2 of 3: broken 1")
      << "whose those are that are not listed is not known";
}

TEST(Waiver, a_violation_that_is_waived_is_told_and_does_not_fail_the_run) {
  ReportInput waived = input({finding(judge::Kind::duplicated, judge::Severity::violation)});
  EXPECT_EQ(compose(waived).verdict, Verdict::violated);
  waived.waivers = {{"duplicated", "the bridge re-sends"}, {"reordered", "perhaps"}};
  const Report report = compose(waived);
  EXPECT_EQ(report.verdict, Verdict::pass);
  EXPECT_NE(report.sentence.find("; waived by the scenario: 1 finding of duplicated."), std::string::npos)
      << report.sentence;
  const std::string text = terminal_text(report, {});
  EXPECT_NE(text.find("[violation, waived: the bridge"), std::string::npos) << text;
  EXPECT_NE(text.find("the waiver of reordered was not needed: there was none"), std::string::npos) << text;
  EXPECT_NE(text.find("duplication        excluded by idempotence: waived, 1 finding\n"), std::string::npos) << text;
  const auto json = to_json(report);
  EXPECT_EQ(json["findings"][0]["severity"], "violation") << "the contract of the findings is not touched";
  EXPECT_EQ(json["findings"][0]["waived"], "the bridge re-sends");
  EXPECT_EQ(json["waived"][1]["findings"], 0);
}

TEST(Waiver, no_sentence_says_that_there_was_nothing_where_something_was_waived) {
  ReportInput waived = input({finding(judge::Kind::duplicated, judge::Severity::violation)});
  waived.waivers = {{"duplicated", "the bridge re-sends"}};
  waived.expectations = {*scenario::parse_expectation("sent == 0")};
  EXPECT_EQ(compose(waived).sentence,
            "sent == 0 was missed: 9. No message was mistreated beyond what the configuration allows and the scenario "
            "waives.");
  waived.judged.reasons = {"the history was cut off: its `end` is missing"};
  EXPECT_EQ(compose(waived).sentence,
            "sent == 0 was missed: 9. Nothing worse was proved beyond what the scenario waives.");
  waived.expectations.clear();
  EXPECT_EQ(compose(waived).sentence,
            "Nothing bad was found beyond what the scenario waives, but this run cannot pass: the history was cut off: "
            "its `end` is missing.");
  waived.facts.aborted = true;
  EXPECT_EQ(compose(waived).sentence,
            "Aborted by a person; what was recorded until then shows no violation beyond what the scenario waives.");
}

TEST(Waiver, covers_what_is_too_much_to_be_listed) {
  ReportInput many = input({finding(judge::Kind::duplicated, judge::Severity::violation),
                            finding(judge::Kind::lost, judge::Severity::violation)});
  many.judged.left_out = {{judge::Kind::duplicated, judge::Severity::violation, 500, 500}};
  many.waivers = {{"duplicated", "the bridge re-sends"}};
  EXPECT_EQ(compose(many).sentence.find("more violation"), std::string::npos) << compose(many).sentence;
}

TEST(Waiver, covers_its_own_kind_only) {
  ReportInput two = input({finding(judge::Kind::duplicated, judge::Severity::violation),
                           finding(judge::Kind::lost, judge::Severity::violation)});
  two.waivers = {{"duplicated", "the bridge re-sends"}};
  const Report report = compose(two);
  EXPECT_EQ(report.verdict, Verdict::violated);
  EXPECT_EQ(report.sentence.find("lost: "), 0u) << report.sentence;
  two.judged.findings.pop_back();
  two.expectations = {*scenario::parse_expectation("duplicated == 0")};
  EXPECT_EQ(compose(two).verdict, Verdict::expectation_missed) << "an expectation is not waived by it";
}

}  // namespace
}  // namespace coordinator::report
