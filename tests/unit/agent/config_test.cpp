#include "agent/config.h"

#include <gtest/gtest.h>

#include "common/base/clock.h"

namespace agent {
namespace {

TEST(AgentConfig, what_the_harness_writes_is_enough) {
  const auto config = parse_agent_config(R"({"services": [{"name": "broker-2", "node_id": 2, "start": ["run", "2"],
    "pid_file": "/x/pid", "address": "127.0.0.1:9092", "controller": true, "stop_timeout_ms": 60000}]})");
  ASSERT_TRUE(config.has_value()) << config.error().what;
  EXPECT_EQ(config->name, common::base::host_name());
  EXPECT_TRUE(config->allow_faults.empty()) << "nothing is allowed unless told";
  ASSERT_EQ(config->services.size(), 1U);
  EXPECT_EQ(config->services[0].node_id, 2);
  EXPECT_EQ(config->services[0].start, (std::vector<std::string>{"run", "2"}));
  EXPECT_EQ(config->services[0].start_timeout, std::chrono::seconds(60));
}

TEST(AgentConfig, all_mistakes_are_told_at_once) {
  const auto config = parse_agent_config(R"({"clusterid": "a", "allow_faults": ["kill", "stopp"], "services": [
    {"name": "a", "start": ["x"], "pid_file": "/p", "address": "h:1"},
    {"name": "a", "start": [], "pid_file": "p", "address": "h:0", "stop_timeout_ms": 1}]})");
  ASSERT_TRUE(config.has_error());
  EXPECT_EQ(config.error().kind, common::base::ErrorKind::configuration);
  for (const char* part :
       {"`clusterid`", "did you mean `cluster_id`", "did you mean `stop`", "services[1].name", "services[1].start",
        "services[1].pid_file", "services[1].address", "services[1].stop_timeout_ms"})
    EXPECT_NE(config.error().what.find(part), std::string::npos) << part << " in " << config.error().what;
}

TEST(AgentConfig, fault_kinds_of_the_command_line_must_exist) {
  EXPECT_TRUE(check_fault_kinds({"kill", "pause"}).has_value());
  EXPECT_TRUE(check_fault_kinds({}).has_value());
  EXPECT_EQ(check_fault_kinds({"paus"}).error().what, "--allow-faults names no fault: `paus`; did you mean `pause`?");
}

}  // namespace
}  // namespace agent
