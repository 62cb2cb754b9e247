#include "workloads/kafka/statistics.h"

#include <gtest/gtest.h>

namespace workloads::kafka {
namespace {

TEST(statistics, messages_are_told_as_often_as_they_were_sent) {
  EXPECT_EQ(messages_transmitted(R"({"name":"p","txmsgs":17,"brokers":{}})"), 17);
}

TEST(statistics, what_tells_nothing_is_no_zero) {
  EXPECT_EQ(messages_transmitted(R"({"name":"p"})"), std::nullopt);
  EXPECT_EQ(messages_transmitted(R"({"txmsgs":"many"})"), std::nullopt);
  EXPECT_EQ(messages_transmitted("{"), std::nullopt);
  EXPECT_EQ(messages_transmitted("[]"), std::nullopt);
}

}  // namespace
}  // namespace workloads::kafka
