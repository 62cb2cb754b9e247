#include "coordinator/report/actor_checks.h"

#include <gtest/gtest.h>

namespace coordinator::report {
namespace {

namespace evidence = workloads::evidence;

class actor_checks : public testing::Test {
 protected:
  void consumer(const char* name, const char* group, bool delivered) {
    const evidence::Id id = names.intern(name);
    checks.add(
        evidence::ConsumerInfo{.consumer = id, .group = group == nullptr ? evidence::kNoId : names.intern(group)});
    checks.add(evidence::Assign{.consumer = id});
    if (delivered) checks.add(evidence::Deliver{.consumer = id});
  }
  evidence::Names names;
  ActorChecks checks{names};
};

TEST_F(actor_checks, a_reader_that_was_never_handed_a_record_proves_nothing) {
  checks.add(evidence::Ack{});
  consumer("reader-1.0a0b0c0d", "g", false);
  consumer("bystander.0a0b0c0d", nullptr, false);
  const std::vector<std::string> expected{
      "the group g was never handed a record: nothing is known of what it would see",
      "the reader bystander was never handed a record: nothing is known of what it would see"};
  EXPECT_EQ(checks.reasons(), expected);
}

TEST_F(actor_checks, one_member_of_a_group_that_read_is_enough_and_so_is_one_incarnation) {
  checks.add(evidence::Ack{});
  consumer("reader-1.0a0b0c0d", "g", false);
  consumer("reader-2.0a0b0c0d", "g", true);
  consumer("bystander.0a0b0c0d", nullptr, true);
  consumer("bystander.0a0b0c0e", nullptr, false);
  EXPECT_TRUE(checks.reasons().empty());
}

TEST_F(actor_checks, an_audit_of_an_empty_topic_and_a_run_without_acks_are_no_silent_readers) {
  consumer("reader", "g", false);
  EXPECT_TRUE(checks.reasons().empty());
  checks.add(evidence::Ack{});
  consumer("reader", "g", true);
  consumer("audit.orders.0a0b0c0d", nullptr, false);
  checks.add(evidence::Audit{.consumer = names.find("audit.orders.0a0b0c0d")});
  EXPECT_TRUE(checks.reasons().empty());
}

TEST_F(actor_checks, a_report_lost_on_our_side_is_no_verdict_on_kafka) {
  checks.add(evidence::Close{.actor = names.intern("p-1"), .accepted = 1000, .reported = 998});
  EXPECT_EQ(checks.reasons(),
            std::vector<std::string>{
                "the client of p-1 accepted 1,000 records and reported on 998: reports were lost on our side"});
}

}  // namespace
}  // namespace coordinator::report
