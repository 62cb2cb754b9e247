// What the configuration of clients does not promise, by the table of promises, on a topic that is as it should be.
#include <utility>

#include "coordinator/doctor/diagnosis.h"

namespace coordinator::doctor {

using judge::CommitMode;
using judge::Configuration;
using judge::Hazard;
using judge::PromiseRow;
using workloads::evidence::Acks;
using workloads::evidence::Isolation;
using workloads::evidence::Reset;

namespace {

Acks acks_of(const ClientSettings& client) {
  const std::string acks = client.get("acks");
  return acks == "0" ? Acks::zero : acks == "1" ? Acks::one : Acks::all;
}

CommitMode commit_of(const ClientSettings& client) {
  if (client.get("commit") == "none") return CommitMode::none;
  const bool automatic = client.is_true("enable.auto.commit");
  // With the store by hand it is the application that says what is done; the library only sends it.
  return automatic && client.is_true("enable.auto.offset.store") ? CommitMode::automatic : CommitMode::processed;
}

Configuration configuration_of(const ClientSettings& client) {
  Configuration configuration;
  configuration.acks = acks_of(client);
  configuration.transactions = !client.get("transactional.id").empty();
  configuration.idempotence =
      client.is_true("enable.idempotence") || (configuration.transactions && !client.is_told("enable.idempotence"));
  configuration.max_in_flight = static_cast<std::int32_t>(client.number("max.in.flight.requests.per.connection"));
  const std::string reset = client.get("auto.offset.reset");
  configuration.reset = reset == "earliest" || reset == "smallest" || reset == "beginning" ? Reset::earliest
                        : reset == "error"                                                 ? Reset::error
                                                                                           : Reset::latest;
  configuration.isolation =
      client.get("isolation.level") == "read_uncommitted" ? Isolation::read_uncommitted : Isolation::read_committed;
  configuration.commit = commit_of(client);
  return configuration;
}

// A default that nobody wrote down is worth a word: Java's producer has others.
std::string said(const PromiseRow& row, const ClientSettings& client) {
  std::string text = judge::condition_text(row.condition);
  if (row.condition.idempotence && !client.is_told("enable.idempotence"))
    text += " (librdkafka's default; Java's is true)";
  else if (row.condition.commit && !client.is_told("enable.auto.commit") && !client.is_told("commit"))
    text += " (the default)";
  else if (row.condition.reset && !client.is_told("auto.offset.reset"))
    text += " (the default)";
  return text;
}

}  // namespace

void diagnose_clients(const std::vector<ClientSettings>& clients, std::vector<Diagnosis>& all) {
  for (const ClientSettings& client : clients) {
    const Configuration configuration = configuration_of(client);
    const bool by_hand = client.role == ClientRole::consumer && client.who.starts_with("workload ") &&
                         !client.is_told("group.id");  // it commits nothing and is never moved
    std::vector<Hazard> hazards;
    if (client.role == ClientRole::producer)
      hazards = {Hazard::loss, Hazard::duplication, Hazard::reordering};
    else if (by_hand)
      hazards = {Hazard::premature_reading};
    else
      hazards = {Hazard::skipping, Hazard::premature_reading};
    if (configuration.commit == CommitMode::none && !by_hand && client.role == ClientRole::consumer)
      hazards.push_back(Hazard::redelivery);
    for (const Hazard hazard : hazards) {
      bool reset_told = false;
      for (const PromiseRow* row : judge::hazards_of(hazard, configuration)) {
        if (row->condition.reset && std::exchange(reset_told, true)) continue;  // the row before says more of the same
        add(all, {row->concern,
                  said(*row, client),
                  {client.who},
                  std::string(row->what),
                  std::string(row->when),
                  std::string(row->why),
                  std::string(row->set)});
      }
    }
  }
}

}  // namespace coordinator::doctor
