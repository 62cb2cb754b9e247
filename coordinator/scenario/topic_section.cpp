#include <set>

#include "common/base/units.h"
#include "coordinator/scenario/sections.h"

namespace coordinator::scenario {

namespace {

// Such a topic takes no record with acks=all: every send would fail, and that long after the run began.
void check_min_insync(Section& section, const common::protocol::TopicSpec& topic) {
  const auto told = topic.config.find("min.insync.replicas");
  if (told == topic.config.end()) return;
  const auto least = common::base::parse_count(told->second);
  if (!least || *least <= topic.replication_factor) return;
  section.mistake(section.has("replication_factor") ? "replication_factor" : "config",
                  "`replication_factor` " + std::to_string(topic.replication_factor) +
                      " is less than min.insync.replicas " + told->second +
                      ": the topic would never take a record with acks=all");
}

// One that is declared and down is a broker, too: that it is down is no mistake of the scenario.
void check_brokers(Section& section, const common::protocol::TopicSpec& topic, const ClusterFacts& cluster) {
  if (!cluster.running.has_value()) return;
  std::set<std::int64_t> brokers(cluster.brokers.begin(), cluster.brokers.end());
  brokers.insert(cluster.running->begin(), cluster.running->end());
  const auto count = static_cast<std::int64_t>(brokers.size());
  if (topic.replication_factor <= count) return;
  section.mistake("replication_factor", "`replication_factor` " + std::to_string(topic.replication_factor) +
                                            " is more than the cluster has brokers, which is " + std::to_string(count));
}

}  // namespace

common::protocol::TopicSpec read_topic(const Node& node, const ClusterFacts& cluster, Reading& reading) {
  Section section(node, "a topic", reading);
  common::protocol::TopicSpec topic;
  topic.name = section.text("name", required);
  topic.partitions = section.count("partitions", 1, 1, 10'000);
  topic.replication_factor = section.count("replication_factor", 3, 1, 100);
  topic.config = section.properties("config");
  check_min_insync(section, topic);
  check_brokers(section, topic, cluster);
  section.finish();
  return topic;
}

}  // namespace coordinator::scenario
