#include "coordinator/doctor/client_settings.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>

#include <nlohmann/json.hpp>

namespace coordinator::doctor {

using common::base::Result;
using common::protocol::ConsumeSpec;
using common::protocol::ProduceSpec;
using common::protocol::Properties;
using common::protocol::TransactSpec;

namespace {

// librdkafka's older names, and Kafka's that it knows by another.
const std::map<std::string, std::string>& other_names() {
  static const std::map<std::string, std::string> names{
      {"request.required.acks", "acks"},       {"message.timeout.ms", "delivery.timeout.ms"},
      {"queue.buffering.max.ms", "linger.ms"}, {"max.in.flight", "max.in.flight.requests.per.connection"},
      {"message.send.max.retries", "retries"},
  };
  return names;
}

// A workload tells its cluster only when it runs: the conductor knows where that is.
Result<nlohmann::json> with_a_cluster(const std::string& spec) {
  auto json = common::base::parse_json(spec);
  if (json) (*json)["cluster"] = {{"bootstrap", "127.0.0.1:1"}};
  return json;
}

ClientSettings producer_of(const std::string& task, const ProduceSpec& spec) {
  ClientSettings client{"workload " + task, ClientRole::producer, {}};
  client.told = {{"acks", spec.acks},
                 {"enable.idempotence", spec.idempotence ? "true" : "false"},
                 {"max.in.flight.requests.per.connection", std::to_string(spec.max_in_flight_requests)},
                 {"delivery.timeout.ms", std::to_string(spec.delivery_timeout_ms)},
                 {"linger.ms", std::to_string(spec.linger_ms)}};
  for (const auto& [name, value] : spec.properties) client.told[one_name(name)] = value;
  return client;
}

ClientSettings consumer_of(const std::string& task, const ConsumeSpec& spec) {
  ClientSettings client{"workload " + task, ClientRole::consumer, {}};
  client.told = {{"isolation.level", spec.isolation},
                 {"auto.offset.reset", spec.reset},
                 {"group.protocol", spec.protocol},
                 {"session.timeout.ms", std::to_string(spec.session_timeout_ms)}};
  if (!spec.group.empty()) client.told["group.id"] = spec.group;
  client.told["enable.auto.commit"] = spec.commit == "auto" ? "true" : "false";
  if (spec.commit == "none") client.told["commit"] = "none";  // of a workload only: no property says so
  for (const auto& [name, value] : spec.properties) client.told[one_name(name)] = value;
  return client;
}

// A processor is both; its transactions commit what it read.
void add_clients(const std::string& task, const TransactSpec& spec, std::vector<ClientSettings>& clients) {
  ClientSettings producer = producer_of(task, spec.produce);
  producer.told["transactional.id"] = spec.transactional_id.empty() ? task : spec.transactional_id;
  producer.told["transaction.timeout.ms"] = std::to_string(spec.timeout_ms);
  clients.push_back(std::move(producer));
  if (!spec.processes()) return;
  ClientSettings consumer = consumer_of(task, spec.consume);
  consumer.told.erase("commit");
  clients.push_back(std::move(consumer));
}

}  // namespace

const std::vector<ClientDefault>& client_defaults() {
  static const std::vector<ClientDefault> defaults{
      {"acks", ClientRole::producer, "-1"},
      {"enable.idempotence", ClientRole::producer, "false"},
      {"max.in.flight.requests.per.connection", ClientRole::producer, "1000000"},
      {"delivery.timeout.ms", ClientRole::producer, "300000"},
      {"request.timeout.ms", ClientRole::producer, "30000"},
      {"linger.ms", ClientRole::producer, "5"},
      {"transaction.timeout.ms", ClientRole::producer, "60000"},
      {"transactional.id", ClientRole::producer, ""},
      {"enable.auto.commit", ClientRole::consumer, "true"},
      {"enable.auto.offset.store", ClientRole::consumer, "true"},
      {"auto.offset.reset", ClientRole::consumer, "largest"},
      {"isolation.level", ClientRole::consumer, "read_committed"},
      {"session.timeout.ms", ClientRole::consumer, "45000"},
      {"heartbeat.interval.ms", ClientRole::consumer, "3000"},
      {"max.poll.interval.ms", ClientRole::consumer, "300000"},
      {"group.id", ClientRole::consumer, ""},
      {"group.protocol", ClientRole::consumer, "classic"},
  };
  return defaults;
}

std::string one_name(const std::string& property) {
  const auto other = other_names().find(property);
  return other == other_names().end() ? property : other->second;
}

std::string ClientSettings::get(const std::string& name) const {
  if (const auto value = told.find(name); value != told.end()) return value->second;
  for (const ClientDefault& one : client_defaults())
    if (name == one.name) return one.value;
  return "";
}

std::int64_t ClientSettings::number(const std::string& name) const {
  return std::strtoll(get(name).c_str(), nullptr, 10);
}

bool ClientSettings::is_true(const std::string& name) const {
  std::string value = get(name);
  std::transform(value.begin(), value.end(), value.begin(), [](unsigned char c) { return std::tolower(c); });
  return value == "true" || value == "t" || value == "1";
}

std::vector<ClientSettings> clients_with(const Properties& properties) {
  ClientSettings producer{"a producer with these properties", ClientRole::producer, {}};
  ClientSettings consumer{"a consumer with these properties", ClientRole::consumer, {}};
  bool produces = false, consumes = false;
  for (const auto& [given, value] : properties) {
    const std::string name = one_name(given);
    producer.told[name] = value;
    consumer.told[name] = value;
    for (const ClientDefault& one : client_defaults()) {
      if (name != one.name) continue;
      produces = produces || one.role == ClientRole::producer;
      consumes = consumes || one.role == ClientRole::consumer;
    }
  }
  std::vector<ClientSettings> clients;
  if (produces) clients.push_back(std::move(producer));
  if (consumes) clients.push_back(std::move(consumer));
  return clients;
}

Result<std::vector<ClientSettings>> clients_of(const scenario::Plan& plan) {
  std::vector<ClientSettings> clients;
  for (const scenario::PlannedWorkload& workload : plan.workloads) {
    const auto json = with_a_cluster(workload.spec);
    if (!json) return json.error();
    if (workload.kind == "produce") {
      const auto spec = common::protocol::produce_spec_from(*json);
      if (!spec) return spec.error();
      clients.push_back(producer_of(workload.task, *spec));
    } else if (workload.kind == "consume") {
      const auto spec = common::protocol::consume_spec_from(*json);
      if (!spec) return spec.error();
      clients.push_back(consumer_of(workload.task, *spec));
    } else if (workload.kind == "transact") {
      const auto spec = common::protocol::transact_spec_from(*json);
      if (!spec) return spec.error();
      add_clients(workload.task, *spec, clients);
    }
  }
  return clients;
}

}  // namespace coordinator::doctor
