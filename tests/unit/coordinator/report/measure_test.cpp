// What is measured from evidence made by hand, to the millisecond.
#include "coordinator/report/measure.h"

#include <gtest/gtest.h>

#include "tests/unit/coordinator/report/made_evidence.h"

namespace coordinator::report {
namespace {

using workloads::evidence::FaultState;

// A leader dies at 5,000: acks of partition 0 come every 100 ms but none between 4,900 and 8,000; partition 1 goes on.
MadeEvidence leader_killed() {
  MadeEvidence made;
  made.topic(2);
  made.phase("steady", 0);
  made.phase("fault", 4'950);
  made.phase("drain", 12'000);
  made.fault("kill-leader", FaultState::planned, 4'960);
  made.producer("p1");
  made.consumer("c1", "readers");
  made.fault("kill-leader", FaultState::injecting, 5'000);
  made.fault("kill-leader", FaultState::active, 5'010, "pid 7 exited");
  made.fault("kill-leader", FaultState::reverting, 9'000);
  made.fault("kill-leader", FaultState::reverted, 9'500);
  for (std::int64_t i = 0; i < 120; ++i) {
    const std::int64_t at = i * 100;
    made.send("p1", 0, i, at);
    made.send("p1", 1, i, at);
    if (at <= 4'890) made.ack("p1", 0, i, at + 10);
    if (at == 8'000) made.ack("p1", 0, 49, at, 32);
    if (at > 8'000) made.ack("p1", 0, i, at + 10);
    made.ack("p1", 1, i, at + 10);
    if (at <= 4'900) made.deliver("c1", 0, i, at + 20);
    if (at == 8'000) made.deliver("c1", 0, 50, at + 30, 31);
    if (at > 8'000) made.deliver("c1", 0, i, at + 20);
    made.deliver("c1", 1, i, at + 20);
  }
  made.sample(0, 4'800, 1, {1, 2, 3});
  made.sample(1, 4'800, 2, {1, 2, 3});
  made.sample(0, 7'800, 1, {1, 2, 3});
  made.sample(0, 8'000, 2, {2, 3});
  made.sample(1, 8'000, 2, {2, 3});
  made.sample(0, 11'000, 2, {1, 2, 3});
  made.sample(1, 10'800, 2, {1, 2, 3});
  return made;
}

TEST(Measure, the_milestones_of_a_killed_leader_are_exact) {
  const Measurements measured = leader_killed().measure();
  ASSERT_EQ(measured.faults.size(), 1u);
  const FaultMeasured& fault = measured.faults[0];
  EXPECT_EQ(fault.proof, "pid 7 exited");
  EXPECT_EQ(fault.leader_changes, 1);
  ASSERT_EQ(fault.partitions.size(), 2u) << "partition 1 felt it too: its ISR was short";
  const PartitionMilestones& hit = fault.partitions[0];
  EXPECT_EQ(hit.producers.last, ms(4'810));
  EXPECT_EQ(hit.producers.first, ms(8'000));
  EXPECT_EQ(hit.new_leader, ms(8'000));
  EXPECT_EQ(hit.consumers.last, ms(4'920));
  EXPECT_EQ(hit.consumers.first, ms(8'030));
  EXPECT_EQ(hit.isr_short, ms(8'000));
  EXPECT_EQ(hit.isr_complete, ms(11'000));
  EXPECT_EQ(fault.partitions[1].producers.last, std::nullopt) << "it was never silent";
  EXPECT_EQ(fault.partitions[1].isr_complete, ms(10'800));
}

TEST(Measure, silence_counts_whole_from_the_last_ack_to_the_first) {
  const Measurements measured = leader_killed().measure();
  EXPECT_EQ(measured.run.producers.longest, ms(3'190));
  EXPECT_EQ(measured.run.producers.partitions, 1);
  EXPECT_EQ(measured.run.consumers.longest, ms(3'110));
  EXPECT_EQ(measured.run.consumers.who, "readers");
  EXPECT_EQ(measured.phases[0].producers.partitions, 0)
      << "that its last ack lies in `steady` does not make it silent there";
  EXPECT_EQ(measured.phases[1].producers.longest, ms(3'190));
}

TEST(Measure, what_is_usual_for_a_partition_is_no_silence) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.producer("p1");
  for (std::int64_t i = 0; i < 20; ++i) {
    made.send("p1", 0, i, i * 1'000);
    made.ack("p1", 0, i, i * 1'000 + 5);
  }
  EXPECT_TRUE(made.measure().producer_stalls.empty()) << "one message a second: gaps of a second are its rhythm";
}

TEST(Measure, what_happened_before_anything_was_broken_is_no_silence_afterwards) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.producer("p1");
  made.fault("kill-leader", FaultState::injecting, 5'000);
  for (std::int64_t i = 0; i < 100; ++i) {
    made.send("p1", 0, i, i * 100);
    const bool hiccup = (i >= 20 && i < 30) || (i >= 60 && i < 69) || (i >= 80 && i < 95);
    if (!hiccup) made.ack("p1", 0, i, i * 100 + 5);
  }
  const Measurements measured = made.measure();
  ASSERT_EQ(measured.producer_stalls.size(), 1u) << "1.1 s came before the fault, so 1.0 s after it is nothing new";
  EXPECT_EQ(measured.producer_stalls[0].length(), ms(1'600));
}

TEST(Measure, a_reader_by_hand_that_restarts_is_the_same_reader) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.producer("p1");
  made.consumer("r.alone.503084ad", "");
  made.consumer("r.alone.0184adff", "");
  for (std::int64_t i = 0; i < 40; ++i) {
    made.send("p1", 0, i, i * 100);
    made.ack("p1", 0, i, i * 100 + 5);
    made.deliver(i < 20 ? "r.alone.503084ad" : "r.alone.0184adff", 0, i, i * 100 + 6);
  }
  EXPECT_TRUE(made.measure().consumer_stalls.empty());
}

TEST(Measure, a_silence_that_never_ends_is_open) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.producer("p1");
  for (std::int64_t i = 0; i < 20; ++i) {
    made.send("p1", 0, i, i * 100);
    if (i < 10) made.ack("p1", 0, i, i * 100 + 5);
  }
  const Measurements measured = made.measure();
  ASSERT_EQ(measured.producer_stalls.size(), 1u);
  EXPECT_TRUE(measured.producer_stalls[0].open);
  EXPECT_EQ(measured.producer_stalls[0].length(), ms(1'900 - 905));
}

TEST(Measure, members_of_a_group_stand_in_for_each_other_but_not_for_another_reader) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.producer("p1");
  made.consumer("c1", "readers");
  made.consumer("c2", "readers");
  made.consumer("alone", "");
  for (std::int64_t i = 0; i < 40; ++i) {
    made.send("p1", 0, i, i * 100);
    made.ack("p1", 0, i, i * 100 + 5);
    made.deliver(i < 20 ? "c1" : "c2", 0, i, i * 100 + 6);
    if (i < 10 || i >= 30) made.deliver("alone", 0, i, i * 100 + 6);
  }
  const Measurements measured = made.measure();
  ASSERT_EQ(measured.consumer_stalls.size(), 1u) << "the group was never silent";
  EXPECT_EQ(measured.consumer_stalls[0].who, "alone");
  EXPECT_EQ(measured.consumer_stalls[0].length(), ms(2'100));
}

TEST(Measure, counts_go_to_the_phase_of_their_time_and_audits_are_not_deliveries) {
  MadeEvidence made = leader_killed();
  made.consumer("auditor", "");
  for (std::int64_t i = 0; i < 10; ++i) made.deliver("auditor", 0, i, 13'000 + i);
  made.add(workloads::evidence::Audit{made.id("auditor"), made.at(0), 0, 120});
  const Measurements measured = made.measure();
  EXPECT_EQ(measured.run.sent, 240);
  EXPECT_EQ(measured.phases[0].sent, 100);
  EXPECT_EQ(measured.run.delivered, 240);
}

TEST(Measure, the_most_in_flight_while_the_leader_changed_is_a_lower_bound) {
  const Measurements measured = leader_killed().measure();
  // Unconfirmed between 7,800 and 8,000 are those sent from 4,900 on; that of 7,900 is sure to be sent only at 8,000,
  // when the next one was, and then all are confirmed.
  EXPECT_EQ(measured.run.in_flight_at_leader_change, 30);
  EXPECT_EQ(measured.phases[1].leader_changes, 1);
  EXPECT_EQ(measured.phases[0].in_flight_at_leader_change, 0);
}

TEST(Measure, no_leader_for_a_while_is_one_change_and_the_same_leader_again_is_none) {
  MadeEvidence made;
  made.topic(1);
  made.sample(0, 0, 1, {1, 2, 3});
  made.sample(0, 100, -1, {2, 3});
  made.sample(0, 200, 2, {2, 3});
  made.sample(0, 300, -1, {2, 3});
  made.sample(0, 400, 2, {2, 3});
  const Measurements measured = made.measure();
  EXPECT_EQ(measured.run.leader_changes, 1);
  EXPECT_EQ(measured.run.isr_shrinks, 1);
}

TEST(Measure, whoever_confirms_again_is_a_leader_even_if_the_observer_saw_it_later) {
  MadeEvidence made;
  made.topic(1);
  made.phase("fault", 0);
  made.producer("p1");
  made.fault("kill-leader", FaultState::injecting, 1'000);
  made.fault("kill-leader", FaultState::active, 1'010);
  for (std::int64_t i = 0; i < 60; ++i) {
    made.send("p1", 0, i, i * 100);
    if (i < 10 || i >= 30) made.ack("p1", 0, i, i * 100 + 5);
  }
  made.sample(0, 900, 1, {1, 2, 3});
  made.sample(0, 5'000, 2, {2, 3});
  const Measurements measured = made.measure();
  const PartitionMilestones& hit = measured.faults[0].partitions[0];
  EXPECT_EQ(hit.new_leader, ms(3'005)) << "the first ack after the silence";
  EXPECT_EQ(hit.old_leader, ms(900));
}

TEST(Measure, first_errors_are_those_of_clients_after_the_injection) {
  MadeEvidence made = leader_killed();
  const auto problem = [&](const char* actor, std::int64_t at) {
    made.add(workloads::evidence::Problem{made.id(actor), made.id("_TRANSPORT"), made.id("refused"), {}, ms(at)});
  };
  problem("p1", 3'000);
  problem("observer", 5'003);
  problem("c1", 5'020);
  problem("p1", 5'015);
  const Measurements measured = made.measure();
  EXPECT_EQ(measured.faults[0].first_error, ms(5'015));
}

TEST(Measure, lag_is_normal_again_when_it_is_no_higher_than_twice_what_it_was_before_the_fault) {
  MadeEvidence made = leader_killed();
  for (const auto& [at, value] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {1'000, 3}, {2'000, 5}, {5'200, 9}, {6'000, 900}, {8'100, 40}, {8'200, 10}, {8'300, 60}})
    made.lag("readers", 0, at, value);
  const Measurements measured = made.measure();
  EXPECT_EQ(measured.faults[0].partitions[0].lag_high, ms(6'000));
  EXPECT_EQ(measured.faults[0].partitions[0].lag_normal, ms(8'200));
  EXPECT_EQ(measured.lag_left, 60);
}

TEST(Measure, end_to_end_is_corrected_by_the_clocks_and_keeps_their_error) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.add(workloads::evidence::ClockOffset{made.id("h1"), ms(1'000), ms(2)});
  made.add(workloads::evidence::ClockOffset{made.id("h2"), ms(3'000), ms(1)});
  made.producer("p1", "h1");
  made.consumer("c1", "readers", "h2");
  made.latency("c1", "end_to_end", 4, 2'030, 100, "p1");
  const Measurements measured = made.measure();
  ASSERT_EQ(measured.phases[0].end_to_end.histogram.count(), 100);
  EXPECT_NEAR(static_cast<double>(measured.phases[0].end_to_end.histogram.quantile(0.5)), 30e6, 32e6);
  EXPECT_EQ(measured.phases[0].end_to_end.clock_error, ms(3));
}

TEST(Measure, clocks_that_were_never_compared_leave_the_error_unknown) {
  MadeEvidence made;
  made.phase("steady", 0);
  made.producer("p1", "h1");
  made.consumer("c1", "readers", "h2");
  made.latency("c1", "end_to_end", 4, 20, 10, "p1");
  EXPECT_EQ(made.measure().phases[0].end_to_end.clock_error, std::nullopt);
}

TEST(Measure, a_fault_answers_for_what_happens_until_the_next_one_begins) {
  MadeEvidence made;
  made.topic(1);
  made.phase("rolling", 0);
  made.producer("p1");
  for (const auto& [name, begin] :
       std::vector<std::pair<std::string, std::int64_t>>{{"restart-1", 1'000}, {"restart-2", 5'000}}) {
    made.fault(name, FaultState::injecting, begin);
    made.fault(name, FaultState::active, begin + 10);
    made.fault(name, FaultState::reverted, begin + 2'000);
  }
  made.sample(0, 900, 1, {1, 2, 3});
  made.sample(0, 1'100, 2, {2, 3});
  made.sample(0, 5'200, 3, {1, 3});
  made.sample(0, 5'400, 1, {1, 3});
  const Measurements measured = made.measure();
  EXPECT_EQ(measured.faults[0].window_end, ms(5'000));
  EXPECT_EQ(measured.faults[0].leader_changes, 1);
  EXPECT_EQ(measured.faults[1].leader_changes, 2);
}

TEST(Measure, what_happened_during_a_fault_is_counted_for_it) {
  const Measurements measured = leader_killed().measure();
  const Measured& during = measured.faults[0].during;
  EXPECT_EQ(during.begin, ms(5'000));
  EXPECT_EQ(during.end, ms(9'500));
  EXPECT_EQ(during.sent, 2 * 45);
  EXPECT_EQ(during.producers.longest, ms(3'190));
  EXPECT_EQ(during.leader_changes, 1);
}

TEST(Measure, that_nothing_changes_is_told_as_long_as_the_cluster_is_observed) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  for (std::int64_t at = 0; at <= 30'000; at += 1'000)
    if (at <= 10'000 || at >= 20'000) made.sample(0, at, 1, {1, 2, 3});
  const Measurements measured = made.measure();
  const auto told = measured.under_replicated.told();
  EXPECT_TRUE(told.throughout(0, ms(10'000)) && told.throughout(ms(20'000), ms(30'000)));
  EXPECT_FALSE(told.throughout(0, ms(30'000)));
  EXPECT_EQ(measured.under_replicated.all[95].told_high, 0);
  EXPECT_FALSE(measured.under_replicated.all[150].told());
}

TEST(Measure, what_has_no_time_is_of_the_run_and_of_no_phase) {
  using workloads::evidence::kNoTime;
  MadeEvidence made = leader_killed();
  workloads::evidence::Unknown unknown;
  unknown.producer = made.id("p1");
  unknown.where = made.at(0);
  unknown.count = 7;
  unknown.at = kNoTime;
  made.add(unknown);
  workloads::evidence::Refuse refuse;
  refuse.producer = made.id("p1");
  refuse.where = made.at(0);
  refuse.count = 3;
  refuse.at = kNoTime;
  made.add(refuse);
  const Measurements measured = made.measure();
  EXPECT_EQ(measured.run.unknown, 7);
  EXPECT_EQ(measured.timeless.unknown, 7);
  EXPECT_EQ(measured.timeless.refused, 3);
  for (const Measured& phase : measured.phases) EXPECT_EQ(phase.unknown + phase.refused, 0) << phase.phase;
}

TEST(Measure, who_has_nothing_to_do_wants_nothing) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.phase("later", 5'000);
  made.producer("p1");
  for (std::int64_t i = 0; i < 40; ++i) {
    made.send("p1", 0, i, i * 100);
    made.ack("p1", 0, i, i * 100 + 5);
  }
  made.sample(0, 9'000, 1, {1, 2, 3});
  Measurements measured = made.measure();
  EXPECT_TRUE(measured.phases[0].producers.wanted);
  EXPECT_FALSE(measured.phases[0].consumers.wanted) << "there is no reader";
  EXPECT_FALSE(measured.phases[1].producers.wanted) << "the producer had stopped";
  made.consumer("c1", "readers");
  made.add(workloads::evidence::Assign{made.id("c1"), {made.id("bills"), 0}, 0, 0});
  EXPECT_FALSE(made.measure().run.consumers.wanted) << "it reads another topic";
  made.add(workloads::evidence::Assign{made.id("c1"), made.at(0), 0, 0});
  measured = made.measure();
  EXPECT_TRUE(measured.phases[0].consumers.wanted && measured.run.consumers.wanted);
  EXPECT_FALSE(measured.phases[1].consumers.wanted);
}

TEST(Measure, a_phase_is_observed_if_the_cluster_was_told_throughout) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 1'000);
  made.phase("fault", 10'000);
  made.phase("recovery", 20'000);
  made.phase("drain", 30'000);
  made.producer("p1");
  made.send("p1", 0, 0, 31'000);
  for (std::int64_t at = 0; at <= 31'000; at += 1'000)
    if (at <= 14'000 || at >= 20'000) made.sample(0, at, 1, {1, 2, 3});
  for (std::int64_t at = 0; at <= 12'000; at += 1'000) made.controller(at, 3);
  const Measurements measured = made.measure();
  const auto& phases = measured.phases;
  EXPECT_TRUE(phases[0].cluster_observed && phases[0].controller_observed);
  EXPECT_FALSE(phases[1].cluster_observed || phases[1].controller_observed) << "6 s without a word";
  EXPECT_TRUE(phases[2].cluster_observed);
  EXPECT_FALSE(phases[2].controller_observed || measured.run.cluster_observed);
}

TEST(Measure, an_election_may_bring_back_the_same_leader) {
  MadeEvidence made;
  made.topic(1);
  made.phase("steady", 0);
  made.sample(0, 0, 1, {1, 2, 3});
  made.sample(0, 100, 1, {1, 2});
  made.sample(0, 200, -1, {1, 2});
  made.sample(0, 300, 1, {1, 2});
  made.sample(0, 400, 2, {1, 2, 3});
  const Measurements measured = made.measure();
  EXPECT_EQ(measured.run.leader_changes, 1);
  EXPECT_EQ(measured.run.leader_elections, 2);
  EXPECT_EQ(measured.under_replicated.all[2].high, 1);
  EXPECT_EQ(measured.under_replicated.all[4].low, 0);
}

}  // namespace
}  // namespace coordinator::report
