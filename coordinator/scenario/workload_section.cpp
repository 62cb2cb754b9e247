#include <array>

#include <nlohmann/json.hpp>

#include "common/base/json_fields.h"
#include "common/base/json_text.h"
#include "common/base/units.h"
#include "coordinator/scenario/sections.h"

namespace coordinator::scenario {

using common::base::kMillisecond;
using common::base::Nanos;
using common::protocol::ConsumeSpec;
using common::protocol::Distribution;
using common::protocol::ProduceSpec;
using common::protocol::TopicSpec;
using common::protocol::TransactSpec;

namespace {

std::int64_t milliseconds(Section& section, std::string_view name, std::int64_t otherwise_ms) {
  const Nanos value = section.duration(name, otherwise_ms * kMillisecond);
  if (value % kMillisecond != 0) section.mistake(name, "`" + std::string(name) + "` must be whole milliseconds");
  return value / kMillisecond;
}

std::int64_t bytes(const Node& node, Reading& reading) {
  const auto value = common::base::parse_bytes(node.kind == Node::Kind::scalar ? reading.filled(node) : "");
  if (value) return *value;
  reading.mistake(node, "`size`: " + value.error().what);
  return 100;
}

// `100B`, `{uniform: [100B, 1KiB]}` or `{exponential: [1KiB, 64KiB]}` (mean, at most).
Distribution read_size(Section& workload) {
  Distribution size;
  const Node* node = workload.any("size");
  if (node == nullptr) return size;
  if (node->kind != Node::Kind::map) {
    size.low = size.high = bytes(*node, workload.reading());
  } else {
    Section section(*node, "`size`", workload.reading());
    for (const std::string_view kind : {"uniform", "exponential"}) {
      const Node* bounds = section.list(kind);
      if (bounds == nullptr) continue;
      size.kind = kind;
      if (bounds->items.size() != 2) {
        workload.reading().mistake(*bounds, "`" + std::string(kind) + "` takes two sizes, as in [100B, 1KiB]");
        continue;
      }
      size.low = bytes(bounds->items[0], workload.reading());
      size.high = bytes(bounds->items[1], workload.reading());
    }
    section.finish();
    if (node->entries.size() != 1)
      workload.mistake("size", "`size` is one of 100B, {uniform: [..]} or {exponential: [..]}");
  }
  if (size.low < 64) workload.mistake("size", "`size` must be at least 64B: a message carries its identity");
  if (size.high < size.low) workload.mistake("size", "`size`: the upper bound is below the lower one");
  return size;
}

ProduceSpec read_produce(Section& section, const Section::Check& check) {
  ProduceSpec spec;
  spec.rate = section.rate("rate", spec.rate);
  spec.max_in_flight_messages = section.count("max_in_flight_messages", spec.max_in_flight_messages, 1, 100'000'000);
  spec.max_messages = section.count("messages", spec.max_messages, 0);
  spec.duration_ms = milliseconds(section, "for", spec.duration_ms);
  spec.size = read_size(section);
  spec.compressibility = section.number("compressibility", spec.compressibility, 0, 1);
  spec.keys = section.count("keys", spec.keys, 0);
  spec.key_distribution = section.word("key_distribution", {"uniform", "zipf"}, spec.key_distribution);
  spec.acks = section.word("acks", {"all", "1", "0"}, spec.acks);
  spec.idempotence = section.flag("idempotence", spec.acks == "all");
  if (spec.idempotence && spec.acks != "all")
    section.mistake("idempotence", "idempotence needs `acks: all`, not `acks: " + spec.acks + "`");
  spec.compression = section.word("compression", {"none", "gzip", "snappy", "lz4", "zstd"}, spec.compression);
  spec.linger_ms = milliseconds(section, "linger", spec.linger_ms);
  spec.max_in_flight_requests =
      section.count("max_in_flight_requests", spec.max_in_flight_requests, 1, spec.idempotence ? 5 : 1'000'000);
  spec.delivery_timeout_ms = milliseconds(section, "delivery_timeout", spec.delivery_timeout_ms);
  // Outstanding reports come at the latest when the delivery timeout ends them; only then a purge would be early.
  spec.drain_ms = milliseconds(section, "drain_timeout", spec.delivery_timeout_ms + 10'000);
  spec.properties = section.properties("properties", check);
  return spec;
}

// How a member of a group reads, whether it processes or not.
void read_membership(Section& section, ConsumeSpec& spec) {
  spec.group = section.text("group", spec.group);
  spec.protocol = section.word("protocol", {"classic", "consumer"}, spec.protocol);
  spec.instance_id = section.text("instance_id", spec.instance_id);
  spec.assignor = section.word("assignor", {"range", "roundrobin", "cooperative-sticky"}, spec.assignor);
  spec.reset = section.word("reset", {"earliest", "latest", "error"}, spec.reset);
  spec.session_timeout_ms = milliseconds(section, "session_timeout", spec.session_timeout_ms);
  const bool is_static = section.flag("static", !spec.instance_id.empty());
  if (is_static && spec.instance_id.empty()) spec.instance_id = section.text("name", "");
  if (!is_static && !spec.instance_id.empty()) section.mistake("static", "`instance_id` is what makes a member static");
  if (is_static && spec.group.empty()) section.mistake("static", "a static member needs a `group`");
}

ConsumeSpec read_consume(Section& section, const Section::Check& check) {
  ConsumeSpec spec;
  read_membership(section, spec);
  spec.partitions = section.counts("partitions");
  spec.isolation = section.word("isolation", {"read_committed", "read_uncommitted"}, spec.isolation);
  spec.commit = section.word("commit", {"sync", "async", "auto", "none"}, spec.group.empty() ? "none" : spec.commit);
  spec.commit_interval_ms = milliseconds(section, "commit_interval", spec.commit_interval_ms);
  spec.properties = section.properties("properties", check);
  if (spec.group.empty() && spec.commit != "none")
    section.mistake("commit", "a reader without `group` reads by hand and commits nothing");
  if (!spec.group.empty() && !spec.partitions.empty())
    section.mistake("partitions", "`partitions` is for a reader by hand; the members of a group are assigned theirs");
  return spec;
}

const TopicSpec* find_topic(Section& section, std::string_view field, const std::vector<TopicSpec>& topics,
                            const std::string& name) {
  std::vector<std::string> names;
  for (const TopicSpec& topic : topics) {
    if (topic.name == name) return &topic;
    names.push_back(topic.name);
  }
  if (name.empty()) return nullptr;  // said already
  const std::string meant = common::base::nearest(name, names);
  section.mistake(field, "the topic `" + name + "` is not declared under `topics`" +
                             (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
  return nullptr;
}

TransactSpec read_transact(Section& section, const std::vector<TopicSpec>& topics, const Section::Check& check,
                           const Section::Check& check_input) {
  TransactSpec spec;
  spec.produce = read_produce(section, check);
  spec.messages = section.count("transaction_messages", spec.messages, 1, 50'000);
  spec.span_ms = milliseconds(section, "transaction_span", spec.span_ms);
  spec.timeout_ms = milliseconds(section, "transaction_timeout", spec.timeout_ms);
  spec.abort_share = section.number("abort_share", spec.abort_share, 0, 1);
  if (spec.span_ms < 1) section.mistake("transaction_span", "`transaction_span` must be at least 1ms");
  if (spec.timeout_ms < 1'000 || spec.timeout_ms > 900'000)
    section.mistake("transaction_timeout", "`transaction_timeout` must be from 1s to 15m");
  if (spec.produce.acks != "all" || !spec.produce.idempotence)
    section.mistake("acks", "transactions need `acks: all` and idempotence");
  const std::string input = section.text("input", "");
  if (input.empty()) return spec;
  const TopicSpec* topic = find_topic(section, "input", topics, input);
  read_membership(section, spec.consume);
  spec.consume.properties = section.properties("input_properties", check_input);
  spec.consume.commit = "none";
  spec.consume.topic = topic == nullptr ? "" : topic->name;
  if (spec.consume.group.empty())
    section.mistake("group", "an `input` is read in a `group`: its offsets are committed");
  if (spec.produce.rate > 0) section.mistake("rate", "the rate of a processor is that of its `input`");
  return spec;
}

template <typename Spec>
std::string without_cluster(const Spec& spec) {
  nlohmann::json json = to_json(spec);
  json.erase("cluster");
  return common::base::json_text(json);
}

}  // namespace

std::vector<PlannedWorkload> read_workloads(const Node& node, const std::vector<TopicSpec>& topics,
                                            const ClusterFacts& cluster, std::uint64_t seed, Reading& reading) {
  Section section(node, "a workload", reading);
  const std::string name = section.text("name", required);
  const std::string kind = section.word("kind", {"produce", "consume", "transact"}, required);
  const std::string topic_name = section.text("topic", required);
  const TopicSpec* topic = find_topic(section, "topic", topics, topic_name);
  const std::int64_t count = section.count("count", 1, 1, 1'000);
  TransactSpec transact;
  ProduceSpec& produce = transact.produce;
  ConsumeSpec& consume = transact.consume;
  const auto check_of = [&cluster](const std::string& of) {
    return [&cluster, of](const std::string& property, const std::string& value) {
      return cluster.check_property ? cluster.check_property(of, property, value) : common::base::Result<void>();
    };
  };
  if (kind == "produce") produce = read_produce(section, check_of(kind));
  if (kind == "consume") consume = read_consume(section, check_of(kind));
  if (kind == "transact") transact = read_transact(section, topics, check_of(kind), check_of("consume"));
  if (kind.empty())
    consume.group = section.text("group", "");  // so that steps which name it are not wrong as well
  else
    section.finish();  // of a kind that is unknown every field would be unknown

  const common::base::Random random(seed);
  const std::string instance_id = consume.instance_id;
  std::vector<PlannedWorkload> workloads;
  for (std::int64_t i = 1; i <= count && topic != nullptr; ++i) {
    const std::string number = count == 1 ? "" : "-" + std::to_string(i);
    PlannedWorkload workload{name + number, kind, topic->name, consume.group, "", ""};
    produce.topic = topic->name;
    produce.partitions = topic->partitions;
    produce.seed = static_cast<std::int64_t>(random.fork(workload.task).next() >> 1);
    if (!instance_id.empty()) consume.instance_id = instance_id + number;  // one of two that are equal is fenced
    if (kind == "produce") {
      workload.spec = without_cluster(produce);
    } else if (kind == "consume") {
      consume.topic = topic->name;
      workload.spec = without_cluster(consume);
    } else if (kind == "transact") {
      workload.input = consume.topic;
      workload.spec = without_cluster(transact);
    }
    workloads.push_back(std::move(workload));
  }
  return workloads;
}

}  // namespace coordinator::scenario
