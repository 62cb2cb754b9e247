#include "common/protocol/bootstrap.h"

#include <gtest/gtest.h>

namespace common::protocol {
namespace {

TEST(bootstrap, hosts_with_ports_are_right) {
  for (const char* right : {"127.0.0.1:9092", "b-1.example_net:1,b2:65535", "[::1]:9092", "[fe80::1%eth0]:1,h:2"})
    EXPECT_EQ(bootstrap_mistake(right), "") << right;
}

TEST(bootstrap, what_is_wrong_is_shown_with_what_would_be_right) {
  for (const char* wrong : {"", "localhost", "h:", ":9092", "h:0", "h:99999", "h:-1", "h:+1", "h:9092,", "h: 9092",
                            " h:1", "a:1, b:2", "a:1 b:2", "::1:9092", "[::1]", "[h]:1", "kafka://h:1", "h:1x"}) {
    const std::string mistake = bootstrap_mistake(wrong);
    EXPECT_NE(mistake.find("must be host:port,host:port"), std::string::npos) << wrong;
  }
  EXPECT_NE(bootstrap_mistake("a:1,b:99999").find("`b:99999` is not"), std::string::npos);
}

}  // namespace
}  // namespace common::protocol
