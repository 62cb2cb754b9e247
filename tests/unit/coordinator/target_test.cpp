#include "coordinator/target.h"

#include <gtest/gtest.h>

namespace coordinator {
namespace {

Observation cluster() {
  Observation seen;
  seen.at = 1;
  seen.controller = 3;
  seen.partitions["orders.run-1-0"].leader = 2;
  seen.partitions["orders.run-1-1"];  // no leader now
  seen.groups["readers.run-1"].coordinator = 1;
  seen.transaction_coordinators = {{"run-1.relay-1", 2}, {"run-1.relay-2", -1}};
  return seen;
}

TEST(target, each_form_names_its_broker) {
  EXPECT_EQ(*resolve_target("broker 7", {}, ""), 7);
  EXPECT_EQ(*resolve_target("leader of orders-0", cluster(), ".run-1"), 2);
  EXPECT_EQ(*resolve_target("controller", cluster(), ""), 3);
  EXPECT_EQ(*resolve_target("coordinator of group readers", cluster(), ".run-1"), 1);
}

TEST(target, the_coordinator_of_transactions_is_found_by_the_task_that_transacts) {
  EXPECT_EQ(*resolve_target("coordinator of transactions of relay-1", cluster(), ".run-1"), 2);
  for (const char* task : {"relay-2", "relay", "1"})
    EXPECT_TRUE(resolve_target(std::string("coordinator of transactions of ") + task, cluster(), ".run-1").has_error());
}

TEST(target, what_the_cluster_does_not_tell_is_not_found_and_not_guessed) {
  EXPECT_EQ(resolve_target("leader of orders-1", cluster(), ".run-1").error().what,
            "the cluster names no leader of orders-1 now");
  EXPECT_TRUE(resolve_target("leader of orders-9", cluster(), ".run-1").has_error());
  EXPECT_TRUE(resolve_target("controller", {}, "").has_error());
  EXPECT_TRUE(resolve_target("coordinator of group other", cluster(), ".run-1").has_error());
}

TEST(target, other_forms_are_refused) {
  for (const char* target : {"broker", "broker x", "broker -1", "leader", "the boss"})
    EXPECT_EQ(resolve_target(target, cluster(), "").error().kind, common::base::ErrorKind::configuration) << target;
}

}  // namespace
}  // namespace coordinator
