// What a fault did to a partition, from timelines made by hand: which silences are the fault's, and what is told of
// them.
#include "coordinator/report/silence.h"

#include <string>

#include <gtest/gtest.h>

#include "coordinator/report/told.h"
#include "tests/unit/coordinator/report/made_evidence.h"

namespace coordinator::report {
namespace {

using workloads::evidence::FaultState;

constexpr std::int64_t kBegin = 5'000;  // of the fault ..
constexpr std::int64_t kOver = 9'000;   // .. and until when it lasts

// A record every 100 ms until 20,000, acked and delivered at once except where told otherwise; one fault.
struct Drill {
  MadeEvidence made;
  std::vector<std::pair<std::int64_t, std::int64_t>> unacked, undelivered;  // from, to

  explicit Drill(const char* kind = "kill") {
    made.topic(1);
    made.phase("steady", 0);
    made.producer("p1");
    made.consumer("c1", "readers");
    made.sample(0, 0, 1, {1, 2, 3});
    const auto state = [&](FaultState to, std::int64_t at) { made.fault(kind, to, at, "felt"); };
    state(FaultState::injecting, kBegin);
    state(FaultState::active, kBegin + 10);
    state(FaultState::reverting, kOver - 500);
    state(FaultState::reverted, kOver);
  }
  FaultMeasured fault() {
    const auto in = [](const auto& spans, std::int64_t at) {
      for (const auto& [from, to] : spans)
        if (at > from && at < to) return true;
      return false;
    };
    for (std::int64_t at = 0; at <= 20'000; at += 100) {
      made.send("p1", 0, at / 100, at);
      if (!in(unacked, at)) made.ack("p1", 0, at / 100, at);
      if (!in(undelivered, at)) made.deliver("c1", 0, at / 100, at);
    }
    return made.measure().faults.at(0);
  }
};

Told told(const FaultMeasured& fault, const std::string& name) {
  for (const Told& one : told_of(fault.partitions.at(0), fault))
    if (one.name == name) return one;
  ADD_FAILURE() << name;
  return {};
}

TEST(Silence, a_fault_that_changes_nothing_has_no_partitions) {
  EXPECT_TRUE(Drill().fault().partitions.empty());
}

TEST(Silence, recovery_is_the_ack_that_ends_the_last_silence_begun_while_the_fault_lasted) {
  Drill drill;
  drill.unacked = {{5'500, 6'500}, {8'000, 9'700}};
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "last_ack_ns").value, ms(500));
  EXPECT_EQ(told(fault, "first_ack_ns").value, ms(4'700));
  EXPECT_EQ(told(fault, "producer_unavailability_ns").value, ms(2'700)) << "the time of service between is none";
  EXPECT_EQ(told(fault, "consumer_unavailability_ns").value, std::nullopt);
}

TEST(Silence, of_two_silences_only_the_one_that_overlaps_the_fault_counts) {
  Drill drill;
  drill.unacked = {{7'000, 8'000}, {12'000, 17'000}};
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "first_ack_ns").value, ms(3'000)) << "the longer one began after the fault was over";
  EXPECT_EQ(fault.producers.longest, ms(1'000));
}

TEST(Silence, the_last_ack_before_the_fault_begins_its_silence) {
  Drill drill;
  drill.unacked = {{4'900, 8'000}};
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "last_ack_ns").value, ms(-100));
  EXPECT_EQ(told(fault, "first_ack_ns").value, ms(3'000));
}

TEST(Silence, what_was_silent_already_tells_nothing_about_the_fault) {
  Drill drill;
  drill.unacked = {{3'000, 8'000}};
  drill.made.sample(0, 6'000, 1, {2, 3});
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "first_ack_ns").value, std::nullopt);
  EXPECT_EQ(told(fault, "first_ack_ns").why, "its producers were silent already when the fault came");
}

TEST(Silence, one_that_never_ends_has_no_recovery_and_no_length) {
  Drill drill;
  drill.unacked = drill.undelivered = {{7'000, 30'000}};
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(fault.partitions.at(0).producers.course, Course::unrecovered);
  for (const char* name : {"first_ack_ns", "producer_unavailability_ns"}) {
    EXPECT_EQ(told(fault, name).value, std::nullopt);
    EXPECT_EQ(told(fault, name).why, "no ack came after the last silence");
  }
  EXPECT_TRUE(fault.producers.open);
}

TEST(Silence, of_consumers_alone_is_no_silence_of_producers) {
  Drill drill;
  drill.undelivered = {{7'000, 11'000}};
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "first_delivery_ns").value, ms(6'000));
  EXPECT_EQ(told(fault, "consumer_unavailability_ns").value, ms(4'000));
  EXPECT_EQ(told(fault, "producer_unavailability_ns").value, std::nullopt);
  EXPECT_EQ(told(fault, "producer_unavailability_ns").why, "its producers were never silent for longer than is normal");
}

TEST(Silence, a_leader_that_was_paused_and_goes_on_is_not_a_new_one) {
  Drill drill("pause");
  drill.unacked = {{5'000, 9'100}};
  for (std::int64_t at = 200; at <= 20'000; at += 200) drill.made.sample(0, at, 1, {1, 2, 3});
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "first_ack_ns").value, ms(4'100));
  for (const char* name : {"new_leader_ns", "election_ns", "client_recovery_ns"}) {
    EXPECT_EQ(told(fault, name).value, std::nullopt);
    EXPECT_EQ(told(fault, name).why, "no change of its leader was observed");
  }
}

TEST(Silence, client_recovery_begins_with_the_new_leader_within_the_silence) {
  Drill drill;
  drill.unacked = {{5'000, 6'800}, {7'500, 8'400}};
  drill.made.sample(0, 6'400, 1, {1, 2, 3});
  drill.made.sample(0, 6'600, 2, {2, 3});
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "election_ns").value, ms(1'600));
  EXPECT_EQ(told(fault, "election_error_ns").value, ms(200));
  EXPECT_EQ(told(fault, "client_recovery_ns").value, ms(200)) << "the second silence is another matter";
  EXPECT_EQ(told(fault, "first_ack_ns").value, ms(3'400));
}

TEST(Silence, an_ack_while_the_old_leader_is_down_proves_the_new_one) {
  Drill drill;
  drill.unacked = {{5'000, 6'700}};
  drill.made.sample(0, 6'600, 1, {1, 2, 3});
  drill.made.sample(0, 6'800, 2, {2, 3});
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "new_leader_ns").value, ms(1'700));
  EXPECT_EQ(told(fault, "election_error_ns").value, ms(100));
  EXPECT_EQ(told(fault, "client_recovery_ns").value, 0);
}

TEST(Silence, an_ack_while_the_old_leader_comes_back_proves_no_new_one) {
  Drill drill("pause");
  drill.unacked = {{5'000, 8'700}};
  drill.made.sample(0, 8'650, 1, {1, 2, 3});
  drill.made.sample(0, 8'800, 2, {2, 3});
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "new_leader_ns").value, ms(3'800));
  EXPECT_EQ(told(fault, "client_recovery_ns").value, std::nullopt);
  EXPECT_EQ(told(fault, "client_recovery_ns").why,
            "acks came again before the new leader was observed, perhaps from the old one");
}

TEST(Silence, a_leader_that_moves_without_silence_has_no_client_recovery) {
  Drill drill;
  drill.made.sample(0, 6'400, 1, {1, 2, 3});
  drill.made.sample(0, 6'600, 2, {2, 3});
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "election_ns").value, ms(1'600));
  EXPECT_EQ(told(fault, "client_recovery_ns").why, "its producers were not silent when the leader changed");
}

TEST(Silence, an_error_about_a_broker_is_one_of_the_partitions_that_it_led) {
  Drill drill;
  drill.unacked = {{5'000, 6'800}};
  const auto problem = [&](const char* text, std::int64_t at) {
    drill.made.add(workloads::evidence::Problem{
        drill.made.id("p1"), drill.made.id("_TRANSPORT"), drill.made.id(text), {}, ms(at)});
  };
  problem("127.0.0.1:9093/2: Disconnected", 5'050);
  problem("127.0.0.1:9092/1: Disconnected", 5'100);
  const FaultMeasured fault = drill.fault();
  EXPECT_EQ(told(fault, "detection_ns").value, ms(100));
}

}  // namespace
}  // namespace coordinator::report
