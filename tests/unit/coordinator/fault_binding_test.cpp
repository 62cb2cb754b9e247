#include "coordinator/fault_binding.h"

#include <gtest/gtest.h>

namespace coordinator {
namespace {

common::protocol::ServiceInfo broker(std::int64_t node, const std::string& address) {
  common::protocol::ServiceInfo service;
  service.name = "broker-" + std::to_string(node);
  service.node_id = node;
  service.address = address;
  return service;
}

Fleet fleet() {
  FleetAgent one{"http://198.18.0.1:7501", {}}, two{"http://[fd00::2]:7501", {}},
      clients{"http://load.example:7501", {}};
  one.info.name = one.info.host = "one";
  one.info.services = {broker(1, "198.18.0.1:9092")};
  two.info.name = two.info.host = "two";
  two.info.services = {broker(2, "[fd00::2]:9092"), broker(3, "198.18.0.3:9092")};
  clients.info.name = clients.info.host = "clients";
  return *Fleet::of({one, two, clients});
}

scenario::FaultStep with_parameter(const std::string& kind, const std::string& name, std::vector<std::string> words) {
  scenario::FaultStep step;
  step.kind = kind;
  step.parameters[name] = std::move(words);
  return step;
}

TEST(FaultBinding, leaves_alone_what_is_no_role) {
  const Fleet agents = fleet();
  const auto bound = bind_parameters(with_parameter("restart", "hard", {"true"}), {agents, 1, {}, {"orders"}, ".x"});
  ASSERT_TRUE(bound);
  EXPECT_EQ(*bound, (common::protocol::FaultWords{{"hard", {"true"}}}));
}

}  // namespace
}  // namespace coordinator
