#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/protocol/agent_info.h"
#include "common/protocol/fault_spec.h"

namespace common::protocol {
namespace {

using nlohmann::json;

TEST(fault_spec, what_is_told_comes_back) {
  const json told = to_json(FaultSpec{.fault = "kill-1",
                                      .service = "broker-2",
                                      .target = "leader of orders-3",
                                      .cluster_id = "abc",
                                      .duration_ms = 5000,
                                      .lease_ms = 3000,
                                      .parameters = {{"hard", {"true"}}, {"peers", {"198.18.0.2", "198.18.0.3"}}},
                                      .cluster = {.bootstrap = "127.0.0.1:9092", .client = {}}});
  const auto back = fault_spec_from(told);
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(to_json(*back), told);
}

TEST(fault_spec, a_fault_without_an_end_is_refused) {
  const auto what = [](json spec) {
    spec["fault"] = "f";
    spec["service"] = "broker-1";
    const auto result = fault_spec_from(spec);
    return result ? std::string("accepted") : result.error().what;
  };
  EXPECT_EQ(what({{"duration_ms", 1}, {"lease_ms", 1000}}), "accepted");
  EXPECT_EQ(what({{"duration_ms", 3'600'000}, {"lease_ms", 3'600'000}}), "accepted");
  EXPECT_EQ(
      what(json::object()),
      "field `duration_ms` is missing; expected a whole number; field `lease_ms` is missing; expected a whole number");
  EXPECT_NE(what({{"duration_ms", 0}, {"lease_ms", 1000}}).find("`duration_ms`"), std::string::npos);
  EXPECT_NE(what({{"duration_ms", 3'600'001}, {"lease_ms", 1000}}).find("`duration_ms`"), std::string::npos);
  EXPECT_NE(what({{"duration_ms", 1}, {"lease_ms", 999}}).find("`lease_ms`"), std::string::npos);
  EXPECT_NE(what({{"duration_ms", 1}, {"lease_ms", 3'600'001}}).find("`lease_ms`"), std::string::npos);
}

TEST(fault_spec, a_fault_names_itself) {
  const auto result = fault_spec_from({{"fault", ""}, {"service", ""}, {"duration_ms", 1}, {"lease_ms", 1000}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().what, "field `fault` must not be empty");
}

TEST(agent_info, what_is_told_comes_back_and_every_mistake_is_named) {
  json told = to_json(
      AgentInfo{.name = "a",
                .host = "h",
                .version = "0.1.0",
                .librdkafka = "2.15.1",
                .cluster_id = "abc",
                .services = {{.name = "broker-1", .node_id = 1, .address = "127.0.0.1:9092", .controller = true}},
                .workloads = {"produce"},
                .faults = {"kill"}});
  const auto back = agent_info_from(told);
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(to_json(*back), told);
  told.erase("host");
  told["services"][0]["node_id"] = -2;
  told["faults"] = {1};
  const auto what = agent_info_from(told).error().what;
  for (const char* part : {"`host` is missing", "`services[0].node_id`", "`faults"})
    EXPECT_NE(what.find(part), std::string::npos) << part << "\nnot in: " << what;
}

}  // namespace
}  // namespace common::protocol
