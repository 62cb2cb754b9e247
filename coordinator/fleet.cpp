#include "coordinator/fleet.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

#include "common/base/clock.h"
#include "coordinator/agent_client.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;
using namespace std::chrono_literals;

namespace {

// A pause between two attempts to reach an agent that is just starting; nobody can tell us when it listens.
void pause(std::chrono::milliseconds span) {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, span, [] { return false; });
}

// Evidence of one host is compared without any error, so a host name must mean one clock.
Result<void> check_clock(AgentClient& client, const FleetAgent& agent) {
  if (agent.info.host != common::base::host_name()) return {};
  std::vector<ClockExchange> exchanges;
  for (int i = 0; i < 4; ++i) {
    const auto exchange = client.exchange_clocks();
    if (exchange.has_error()) return exchange.error();
    exchanges.push_back(*exchange);
  }
  const auto estimate = estimate_clock(exchanges);
  if (estimate.has_value() && may_be_same_clock(*estimate)) return {};
  return fail(ErrorKind::configuration, "agent at " + agent.url + " says that its host is " + agent.info.host +
                                            ", as ours is, but its clock is another one: host names must differ");
}

}  // namespace

Result<FleetAgent> ask_agent(const std::string& url, std::chrono::milliseconds timeout) {
  auto client = AgentClient::create(url);
  if (client.has_error()) return client.error();
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto info = client->info();
    if (info.has_value()) {
      FleetAgent agent{url, *info};
      const auto checked = check_clock(*client, agent);
      if (checked.has_error()) return checked.error();
      return agent;
    }
    // Whatever is wrong with it: it is out there, not here.
    if (client->answered() || std::chrono::steady_clock::now() + 200ms >= deadline)
      return fail(ErrorKind::unreachable, "no agent answers at " + url + ": " + info.error().what);
    pause(200ms);
  }
}

Result<Fleet> Fleet::connect(const std::vector<std::string>& urls, std::chrono::milliseconds timeout) {
  std::vector<FleetAgent> agents;
  for (const auto& url : urls) {
    auto agent = ask_agent(url, timeout);
    if (agent.has_error()) return agent.error();
    agents.push_back(std::move(*agent));
  }
  return of(std::move(agents));
}

Result<Fleet> Fleet::of(std::vector<FleetAgent> agents) {
  if (agents.empty()) return fail(ErrorKind::configuration, "a run needs at least one agent");
  std::map<std::string, std::string> names;
  std::map<std::int64_t, std::string> brokers;
  for (const auto& agent : agents) {
    const auto [twin, is_new] = names.try_emplace(agent.info.name, agent.url);
    if (!is_new) {
      return fail(ErrorKind::configuration,
                  "the agents at " + twin->second + " and " + agent.url + " are both named " + agent.info.name);
    }
    for (const auto& service : agent.info.services) {
      if (service.node_id < 0) continue;
      const auto [other, first] = brokers.try_emplace(service.node_id, agent.info.name);
      if (!first) {
        return fail(ErrorKind::configuration, "broker " + std::to_string(service.node_id) +
                                                  " is declared by the agents " + other->second + " and " +
                                                  agent.info.name);
      }
    }
  }
  Fleet fleet;
  fleet.agents_ = std::move(agents);
  return fleet;
}

const FleetAgent* Fleet::find(const std::string& name) const {
  for (const auto& agent : agents_)
    if (agent.info.name == name) return &agent;
  return nullptr;
}

BrokerOwner Fleet::owner_of(std::int64_t node_id) const {
  for (const auto& agent : agents_)
    for (const auto& service : agent.info.services)
      if (service.node_id == node_id) return {&agent, &service};
  return {};
}

scenario::ClusterFacts Fleet::facts() const {
  std::set<std::int64_t> brokers;
  scenario::ClusterFacts facts;
  facts.services.emplace();
  for (const auto& agent : agents_) {
    for (const auto& service : agent.info.services) {
      if (service.node_id < 0) continue;
      if (service.broker && !service.address.empty()) brokers.insert(service.node_id);
      facts.services->push_back({service.node_id, agent.info.name, agent.info.cluster_id, agent.info.faults});
    }
  }
  facts.brokers.assign(brokers.begin(), brokers.end());
  return facts;
}

}  // namespace coordinator
