#include "workloads/client_property.h"

#include <gtest/gtest.h>

namespace workloads {
namespace {

std::string mistake(const char* kind, const char* name, const char* value) {
  const auto checked = check_client_property(kind, name, value);
  return checked ? "none" : checked.error().what;
}

TEST(client_property, what_the_library_takes_is_right) {
  EXPECT_EQ(mistake("produce", "batch.size", "1000"), "none");
  EXPECT_EQ(mistake("produce", "partitioner", "murmur2"), "none") << "a property of topics";
  EXPECT_EQ(mistake("consume", "auto.commit.interval.ms", "100"), "none");
  EXPECT_EQ(mistake("", "security.protocol", "sasl_ssl"), "none");
  EXPECT_EQ(mistake("", "group.id", "g"), "none") << "only of a workload that decides it itself";
}

TEST(client_property, mistyped_one_is_told_with_the_nearest_name) {
  EXPECT_EQ(mistake("produce", "linger.mss", "5"),
            "client property `linger.mss`: librdkafka has no such property; did you mean `linger.ms`?");
  EXPECT_EQ(mistake("consume", "fetch.min.byte", "5"),
            "client property `fetch.min.byte`: librdkafka has no such property; did you mean `fetch.min.bytes`?");
  EXPECT_EQ(mistake("", "colour.of.the.broker", "red"),
            "client property `colour.of.the.broker`: librdkafka has no such property");
}

TEST(client_property, wrong_value_is_told) {
  EXPECT_NE(mistake("produce", "linger.ms", "soon").find("`linger.ms`"), std::string::npos);
  EXPECT_NE(mistake("produce", "compression.codec", "zip").find("zip"), std::string::npos);
}

TEST(client_property, what_the_workload_decides_cannot_be_chosen) {
  EXPECT_NE(mistake("produce", "transactional.id", "t").find("the evidence depends on it"), std::string::npos);
  EXPECT_NE(mistake("consume", "group.id", "g").find("cannot be chosen"), std::string::npos);
}

}  // namespace
}  // namespace workloads
