#include "coordinator/observation.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace coordinator {
namespace {

using nlohmann::json;

TEST(observation, what_the_observer_tells_is_read) {
  const auto seen = observation_from(json::parse(R"({
      "at": 5, "cluster_id": "c", "controller": 3, "brokers": [1, 2],
      "partitions": {"orders-1": {"leader": 2, "isr": [2, 1], "replicas": [1, 2, 3], "log_start": 0, "end": 9,
          "end_asked_at": 4}},
      "groups": {"g": {"coordinator": 1, "lag": {"orders-1": 4}}}})"));
  EXPECT_EQ(seen.at, 5);
  EXPECT_EQ(seen.controller, 3);
  EXPECT_EQ(seen.brokers.size(), 2U);
  EXPECT_EQ(seen.partitions.at("orders-1").isr, (std::vector<std::int64_t>{2, 1}));
  EXPECT_EQ(seen.partitions.at("orders-1").end, 9);
  EXPECT_EQ(seen.partitions.at("orders-1").end_asked_at, 4);
  EXPECT_EQ(seen.groups.at("g").lag.at("orders-1"), 4);
}

TEST(observation, what_is_odd_or_missing_stays_unknown) {
  for (const char* text : {"{}", "[]", R"({"at": "now", "partitions": [], "brokers": {}, "controller": null})",
                           R"({"partitions": {"orders-0": 7}, "groups": {"g": null}})"}) {
    const auto seen = observation_from(json::parse(text));
    EXPECT_EQ(seen.at, 0) << text;
    EXPECT_EQ(seen.controller, -1) << text;
    for (const auto& [name, view] : seen.partitions) EXPECT_EQ(view.leader, -1) << text;
  }
}

TEST(observation, partitions_of_a_topic_are_not_those_of_a_topic_that_begins_alike) {
  Observation seen;
  for (const char* name : {"orders-0", "orders-2", "orders-eu-1", "orders.x-0", "order-0"}) seen.partitions[name];
  const auto found = partitions_of(seen, "orders");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found.count(0) == 1 && found.count(2) == 1);
  EXPECT_EQ(partitions_of(seen, "orders-eu").size(), 1U);
}

}  // namespace
}  // namespace coordinator
