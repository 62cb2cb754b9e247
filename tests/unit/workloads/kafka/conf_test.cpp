#include "workloads/kafka/conf.h"

#include <gtest/gtest.h>

namespace workloads::kafka {
namespace {

TEST(conf, a_wrong_property_is_named) {
  const auto unknown = Conf::create("127.0.0.1:1", {{"linger.mss", "5"}});
  ASSERT_TRUE(unknown.has_error());
  EXPECT_NE(unknown.error().what.find("`linger.mss`"), std::string::npos);
  const auto wrong = Conf::create("127.0.0.1:1", {{"linger.ms", "soon"}});
  ASSERT_TRUE(wrong.has_error());
  EXPECT_NE(wrong.error().what.find("`linger.ms`"), std::string::npos);
}

TEST(conf, the_value_of_a_secret_is_not_printed) {
  const auto wrong = Conf::create("127.0.0.1:1", {{"ssl.key.pem.secret", "hunter2"}});
  ASSERT_TRUE(wrong.has_error());
  EXPECT_EQ(wrong.error().what.find("hunter2"), std::string::npos);
}

TEST(conf, what_was_set_is_told_and_ours_is_always_set) {
  auto conf = Conf::create("127.0.0.1:1", {{"acks", "1"}});
  ASSERT_TRUE(conf);
  EXPECT_EQ(conf->get("acks"), "1");
  EXPECT_EQ(conf->get("enable.metrics.push"), "false");
  EXPECT_EQ(conf->get_number("socket.timeout.ms"), 10'000);
}

}  // namespace
}  // namespace workloads::kafka
