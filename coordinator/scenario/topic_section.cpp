#include "coordinator/scenario/sections.h"

namespace coordinator::scenario {

common::protocol::TopicSpec read_topic(const Node& node, Reading& reading) {
  Section section(node, "a topic", reading);
  common::protocol::TopicSpec topic;
  topic.name = section.text("name", required);
  topic.partitions = section.count("partitions", 1, 1, 10'000);
  topic.replication_factor = section.count("replication_factor", 3, 1, 100);
  topic.config = section.properties("config");
  section.finish();
  return topic;
}

}  // namespace coordinator::scenario
