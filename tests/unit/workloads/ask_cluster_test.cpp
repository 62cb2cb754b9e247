// What a cluster answers, or that none does, is tested end to end: librdkafka's mock has no controller, for which the
// question waits.
#include "workloads/ask_cluster.h"

#include <gtest/gtest.h>

namespace workloads {
namespace {

TEST(ask_cluster, wrong_client_property_is_told_without_asking_anybody) {
  const auto told = ask_cluster({"127.0.0.1:1", {{"linger.mss", "5"}}}, 30 * common::base::kSecond);
  ASSERT_TRUE(told.has_error());
  EXPECT_EQ(told.error().kind, common::base::ErrorKind::configuration);
  EXPECT_NE(told.error().what.find("`linger.mss`"), std::string::npos);
}

}  // namespace
}  // namespace workloads
