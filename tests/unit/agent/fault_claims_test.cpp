#include "agent/fault_claims.h"

#include <gtest/gtest.h>

namespace agent {
namespace {

faults::UndoRecord fault(const std::string& task, const std::string& kind, const std::string& service) {
  faults::UndoRecord record;
  record.task = task;
  record.kind = kind;
  record.service = service;
  return record;
}

TEST(FaultClaims, faults_that_share_an_aspect_of_a_service_are_not_composed) {
  FaultClaims claims;
  ASSERT_TRUE(claims.take(fault("t1", "pause", "broker-1")));
  const auto refused = claims.take(fault("t2", "kill", "broker-1"));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().kind, common::base::ErrorKind::conflict);
  EXPECT_EQ(refused.error().what,
            "broker-1 is broken by t1 (pause), with which kill cannot be composed: both take its process");
  EXPECT_TRUE(claims.take(fault("t3", "kill", "broker-2")));
  claims.release("t1");
  EXPECT_TRUE(claims.take(fault("t2", "kill", "broker-1")));
}

TEST(FaultClaims, service_that_was_left_broken_is_not_broken_further) {
  FaultClaims claims;
  claims.keep_dirty(fault("t1", "pause", "broker-1"));
  EXPECT_NE(claims.take(fault("t2", "kill", "broker-1")).error().what.find("was left broken by t1"), std::string::npos);
  ASSERT_EQ(claims.all().size(), 1U);
  EXPECT_TRUE(claims.all()[0].dirty);
  claims.release("t1");
  EXPECT_TRUE(claims.take(fault("t2", "kill", "broker-1")));
  EXPECT_TRUE(claims.dirty().empty());
}

TEST(FaultClaims, kind_that_is_not_known_any_more_goes_with_nothing) {
  FaultClaims claims;
  ASSERT_TRUE(claims.take(fault("t1", "of-an-earlier-version", "broker-1")));
  EXPECT_TRUE(claims.take(fault("t2", "pause", "broker-1")).has_error());
}

}  // namespace
}  // namespace agent
