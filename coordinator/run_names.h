// Topics and groups on the cluster are the run's own, so that no run judges another's records and no commit of an
// earlier run looks like a wrong resume: `orders` of the scenario is `orders.3f9a0c` there. Scenario, gates, targets
// and reports keep the scenario's names. Pure.
#pragma once

#include <string>

namespace coordinator {

// ".3f9a0c": what follows a name of the scenario on the cluster.
std::string suffix_of_run(const std::string& run);

// Of a task that transacts; it stays the same over all lives of its client, or none would fence the one before.
std::string transactional_id_of(const std::string& run, const std::string& task);

// The scenario's name of a topic or group of that run; anything else is returned as it is.
std::string name_in_scenario(const std::string& name_on_cluster, const std::string& run);

}  // namespace coordinator
