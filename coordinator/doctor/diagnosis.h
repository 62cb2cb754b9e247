// What `firedrill doctor` says of a cluster and of clients before anything is broken: each thing that would be lost or
// stop, when, why, and what to set. Which configuration promises what is judge/promises.h; here it is applied to what
// is there. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/cluster_setup.h"
#include "coordinator/doctor/client_settings.h"
#include "coordinator/judge/promises.h"

namespace coordinator::doctor {

using judge::Concern;

struct Diagnosis {
  Concern concern = Concern::note;
  std::string what;                 // that is so: "replication factor 1"
  std::vector<std::string> places;  // where: "topic orders", "workload writer"; never empty
  std::string stake;                // what would be lost, or stops
  std::string when;
  std::string why;
  std::string set;  // what to set or do; "" if nothing can be
};

struct Diagnoses {
  std::vector<Diagnosis> all;        // the worst first
  std::vector<std::string> unknown;  // what could not be asked: nothing is said of it
};

// `planned`: topics that a scenario will create, as they will be.
Diagnoses diagnose(const common::protocol::ClusterSetup& cluster,
                   const std::vector<common::protocol::TopicSpec>& planned, const std::vector<ClientSettings>& clients);

// The parts of it. Each adds to `all`; equal diagnoses of several places become one.
void add(std::vector<Diagnosis>& all, Diagnosis diagnosis);
void diagnose_topics(const common::protocol::ClusterSetup& cluster,
                     const std::vector<common::protocol::TopicSpec>& planned, std::vector<Diagnosis>& all);
void diagnose_internal_topics(const common::protocol::ClusterSetup& cluster, std::vector<Diagnosis>& all);
void diagnose_service(const common::protocol::ClusterSetup& cluster, std::vector<Diagnosis>& all);
void diagnose_clients(const std::vector<ClientSettings>& clients, std::vector<Diagnosis>& all);
void diagnose_timeouts(const std::vector<ClientSettings>& clients, const common::protocol::Properties& broker,
                       std::vector<Diagnosis>& all);

Concern worst(const Diagnoses& diagnoses);  // none: nothing is wrong
std::int64_t number_of(const common::protocol::Properties& properties, const std::string& name, std::int64_t otherwise);

struct TextOptions {
  bool colour = false;
  bool all = false;  // every place
  int width = 100;
};
std::string text_of(const Diagnoses& diagnoses, const common::protocol::ClusterSetup& cluster,
                    const std::string& bootstrap, const TextOptions& options);
nlohmann::json to_json(const Diagnoses& diagnoses, const common::protocol::ClusterSetup& cluster,
                       const std::string& bootstrap);

}  // namespace coordinator::doctor
