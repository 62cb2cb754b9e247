// What topics do not promise, by the table of promises, to a producer that does all it can (acks=all, idempotence); and
// what is at stake in the topics that Kafka keeps for itself.
#include <algorithm>

#include "coordinator/doctor/diagnosis.h"

namespace coordinator::doctor {

using common::protocol::ClusterSetup;
using common::protocol::Properties;
using common::protocol::TopicSetup;
using common::protocol::TopicSpec;
using judge::Configuration;
using judge::Hazard;
using judge::PromiseRow;

namespace {

constexpr const char* kMinInSync = "min.insync.replicas";
constexpr std::int64_t kWanted = 3;  // replicas of what a cluster cannot do without

bool is_internal(const std::string& topic) {
  return topic.starts_with("__");
}

std::int64_t replicas_of(const TopicSetup& topic) {
  std::size_t fewest = topic.partitions.empty() ? 0 : topic.partitions.front().replicas.size();
  for (const auto& partition : topic.partitions) fewest = std::min(fewest, partition.replicas.size());
  return static_cast<std::int64_t>(fewest);
}

Configuration configuration_of(std::int64_t replicas, const Properties& config) {
  Configuration configuration;
  configuration.copies_destroyed = true;  // it may be: that is what the doctor is asked for
  configuration.replication_factor = static_cast<std::int32_t>(replicas);
  configuration.min_insync_replicas = static_cast<std::int32_t>(number_of(config, kMinInSync, 1));
  const auto unclean = config.find("unclean.leader.election.enable");
  configuration.unclean_leader_election = unclean != config.end() && unclean->second == "true";
  return configuration;
}

std::string said(const PromiseRow& row) {
  judge::Condition condition = row.condition;
  condition.copies_destroyed.reset();
  condition.acks.reset();
  return judge::condition_text(condition);
}

std::vector<const PromiseRow*> rows_for(std::int64_t replicas, const Properties& config) {
  const Configuration configuration = configuration_of(replicas, config);
  std::vector<const PromiseRow*> rows = judge::hazards_of(Hazard::loss, configuration);
  for (const PromiseRow* row : judge::hazards_of(Hazard::unavailability, configuration)) rows.push_back(row);
  // Of one copy it is no news that it is alone in sync; of what was not told nothing is said.
  if (replicas < 2 || !config.contains(kMinInSync))
    std::erase_if(rows, [](const PromiseRow* row) {
      return row->condition.one_in_sync.has_value() || row->condition.all_must_be_in_sync.has_value();
    });
  return rows;
}

void check(const std::string& place, std::int64_t replicas, const Properties& config, std::vector<Diagnosis>& all) {
  for (const PromiseRow* row : rows_for(replicas, config))
    add(all, {row->concern,
              said(*row),
              {place},
              std::string(row->what),
              std::string(row->when),
              std::string(row->why),
              std::string(row->set)});
}

struct Internal {
  const char* topic;
  const char* replication_factor;  // broker configuration with which it will be made
  const char* min_insync_replicas;
  const char* loses;
  const char* stops;
};
constexpr Internal kInternal[] = {
    {"__consumer_offsets", "offsets.topic.replication.factor", "min.insync.replicas",
     "the positions of groups: they begin again at auto.offset.reset, and read all or skip all",
     "commits of groups, and their rebalances"},
    {"__transaction_state", "transaction.state.log.replication.factor", "transaction.state.log.min.isr",
     "what transactions had decided: they hang, and read_committed readers with them", "transactions"},
};

void check_internal(const Internal& internal, const ClusterSetup& cluster, std::vector<Diagnosis>& all) {
  const auto topic = std::find_if(cluster.topics.begin(), cluster.topics.end(),
                                  [&](const TopicSetup& one) { return one.name == internal.topic; });
  const bool made = topic != cluster.topics.end();
  if (!made && cluster.broker_config.empty()) return;
  const std::int64_t replicas =
      made ? replicas_of(*topic) : number_of(cluster.broker_config, internal.replication_factor, kWanted);
  const std::string place = std::string("topic ") + internal.topic + (made ? "" : " (not made yet)");
  const auto brokers = static_cast<std::int64_t>(cluster.brokers.size());
  if (!made && replicas > brokers)
    return add(all, {Concern::danger,
                     std::string(internal.replication_factor) + "=" + std::to_string(replicas) + " with " +
                         std::to_string(brokers) + (brokers == 1 ? " broker" : " brokers"),
                     {place},
                     internal.stops,
                     "from the first use on",
                     "the topic cannot be made before there are as many brokers",
                     std::string(internal.replication_factor) + "=" + std::to_string(brokers) + ", or more brokers"});
  Properties config = made ? topic->config : Properties{};
  if (!made) config[kMinInSync] = std::to_string(number_of(cluster.broker_config, internal.min_insync_replicas, 2));
  for (const PromiseRow* row : rows_for(replicas, config)) {
    const bool loss = row->hazard == Hazard::loss;
    add(all,
        {row->concern,
         said(*row),
         {place},
         loss ? internal.loses : internal.stops,
         std::string(row->when),
         std::string(row->why),
         row->condition.one_copy && !made ? std::string(internal.replication_factor) + "=3" : std::string(row->set)});
  }
  if (replicas == 2 && brokers >= kWanted)
    add(all, {Concern::warning,
              "replication factor 2, though there are " + std::to_string(brokers) + " brokers",
              {place},
              internal.loses,
              "the second broker fails before the first is back",
              "two copies bear one failure",
              "replication factor 3"});
}

}  // namespace

void diagnose_topics(const ClusterSetup& cluster, const std::vector<TopicSpec>& planned, std::vector<Diagnosis>& all) {
  for (const TopicSetup& topic : cluster.topics)
    if (!is_internal(topic.name) && !topic.partitions.empty())
      check("topic " + topic.name, replicas_of(topic), topic.config, all);
  for (const TopicSpec& topic : planned) {
    Properties config = topic.config;
    for (const char* name : {kMinInSync, "unclean.leader.election.enable"})
      if (const auto value = cluster.broker_config.find(name); value != cluster.broker_config.end())
        config.emplace(name, value->second);  // a topic has what it is not told from its broker
    check("topic " + topic.name + " of the scenario", topic.replication_factor, config, all);
  }
  const auto& broker = cluster.broker_config;
  if (const auto made = broker.find("auto.create.topics.enable");
      made != broker.end() && made->second == "true" && number_of(broker, "default.replication.factor", 1) < 2)
    add(all, {Concern::warning,
              "topics are made when they are first named, with replication factor 1",
              {"brokers"},
              "a topic that was mistyped, or not made in time, and everything in it",
              "its one broker fails",
              "auto.create.topics.enable=true and default.replication.factor=1",
              "auto.create.topics.enable=false, or default.replication.factor=3"});
}

void diagnose_internal_topics(const ClusterSetup& cluster, std::vector<Diagnosis>& all) {
  for (const Internal& internal : kInternal) check_internal(internal, cluster, all);
}

}  // namespace coordinator::doctor
