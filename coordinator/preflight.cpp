#include "coordinator/preflight.h"

#include "coordinator/agent_client.h"

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

Result<common::protocol::ClusterInfo> ask_cluster(const Fleet& fleet, const RunRequest& request) {
  auto client = AgentClient::create(fleet.agents().front().url);
  if (client.has_error()) return client.error();
  return client->cluster({request.bootstrap, request.client});
}

Result<scenario::Plan> plan_after_preflight(const RunRequest& request, const Fleet& fleet, const Preflight& preflight) {
  const auto scenario = scenario::parse_scenario(request.scenario, request.file);
  if (scenario.has_error()) return scenario.error();
  auto facts = fleet.facts();
  facts.check_property = preflight.check_property;
  const auto plan = [&] { return make_plan(*scenario, request.parameters, facts, request.id, *request.seed); };
  auto planned = plan();
  if (planned.has_error()) return planned;
  if (preflight.check_property) {
    for (const auto& [name, value] : request.client)
      if (const auto checked = preflight.check_property("", name, value); checked.has_error())
        return fail(ErrorKind::configuration, "field `client`: " + checked.error().what);
  }
  if (!preflight.ask_cluster) return planned;
  const auto cluster = preflight.ask_cluster(fleet, request);
  if (cluster.has_error()) return cluster.error();
  facts.cluster_id = cluster->cluster_id;
  facts.running = cluster->brokers;
  return plan();
}

}  // namespace coordinator
