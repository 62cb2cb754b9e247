#include "coordinator/doctor/diagnosis.h"

#include <algorithm>
#include <cstdlib>

namespace coordinator::doctor {

std::int64_t number_of(const common::protocol::Properties& properties, const std::string& name,
                       std::int64_t otherwise) {
  const auto found = properties.find(name);
  return found == properties.end() ? otherwise : std::strtoll(found->second.c_str(), nullptr, 10);
}

void add(std::vector<Diagnosis>& all, Diagnosis diagnosis) {
  for (Diagnosis& known : all) {
    if (known.what != diagnosis.what || known.stake != diagnosis.stake || known.when != diagnosis.when ||
        known.set != diagnosis.set)
      continue;
    for (std::string& place : diagnosis.places)
      if (std::count(known.places.begin(), known.places.end(), place) == 0) known.places.push_back(std::move(place));
    return;
  }
  all.push_back(std::move(diagnosis));
}

Diagnoses diagnose(const common::protocol::ClusterSetup& cluster,
                   const std::vector<common::protocol::TopicSpec>& planned,
                   const std::vector<ClientSettings>& clients) {
  Diagnoses diagnoses;
  diagnoses.unknown = cluster.unknown;
  diagnose_service(cluster, diagnoses.all);
  diagnose_topics(cluster, planned, diagnoses.all);
  diagnose_internal_topics(cluster, diagnoses.all);
  diagnose_clients(clients, diagnoses.all);
  diagnose_timeouts(clients, cluster.broker_config, diagnoses.all);
  std::stable_sort(diagnoses.all.begin(), diagnoses.all.end(),
                   [](const Diagnosis& a, const Diagnosis& b) { return a.concern > b.concern; });
  return diagnoses;
}

Concern worst(const Diagnoses& diagnoses) {
  return diagnoses.all.empty() ? Concern::none : diagnoses.all.front().concern;
}

}  // namespace coordinator::doctor
