// What the workloads are told, as the agent reads it and the coordinator writes it, and what they tell while they go
// on. Durations are integers in ms and named so; rates are messages per second.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/json_fields.h"

namespace common::protocol {

using Properties =
    std::map<std::string, std::string>;  // librdkafka's, passed on as they are; a wrong one fails the task

struct ClusterAccess {
  std::string bootstrap;  // host:port,host:port
  Properties client;      // security and the like, for every client of the task
};

struct Distribution {          // of a size in bytes
  std::string kind = "fixed";  // fixed (low), uniform (low..high), exponential (mean low, at most high)
  std::int64_t low = 100;
  std::int64_t high = 100;
};

// progress: {"sent", "acked", "refused", "unknown", "in_flight", "partitions": {"0": {"acked_to": next offset after the
// highest acked}}, "ack_ms": {"p50", "p99"} of the last whole second, "rate": acked per second}
struct ProduceSpec {
  ClusterAccess cluster;
  std::string topic;
  std::int64_t partitions = 1;  // of the topic; sequence numbers are dense per partition
  double rate = 0;              // open loop: intended send times are fixed beforehand; 0: closed loop, flat out
  std::int64_t max_in_flight_messages =
      100'000;                               // bound of unconfirmed messages; an open loop that meets it waits, late
  std::int64_t max_messages = 0;             // 0: until stopped
  std::int64_t duration_ms = 0;              // 0: until stopped
  Distribution size;                         // of the value, at least 64 (the identity)
  double compressibility = 0;                // 0: random filler .. 1: constant filler
  std::int64_t keys = 0;                     // 0: no key; else keys k0..k(n-1)
  std::string key_distribution = "uniform";  // uniform, zipf
  std::string acks = "all";                  // all, 1, 0
  bool idempotence = true;
  std::string compression = "none";  // none, gzip, snappy, lz4, zstd
  std::int64_t linger_ms = 5;
  std::int64_t max_in_flight_requests = 5;
  std::int64_t delivery_timeout_ms = 120'000;
  std::int64_t drain_ms = 130'000;  // after stop: how long outstanding reports are waited for before they are purged
  std::int64_t seed = 1;
  Properties properties;  // any librdkafka property; wins over the fields above, but not over delivery reports
};

// progress: {"delivered", "foreign", "corrupt", "assigned": {"0": position}, "committed": n, "rate": per second,
// "end_to_end_ms": {"p50", "p99"}, "ready": true once it has an assignment}
struct ConsumeSpec {
  ClusterAccess cluster;
  std::string topic;
  std::string group;                     // empty: assigned by hand to `partitions` from the start of the log
  std::vector<std::int64_t> partitions;  // for assignment by hand; empty: all
  std::string protocol = "classic";      // classic, consumer (KIP-848)
  std::string instance_id;               // static membership
  std::string assignor = "range";        // classic only: range, roundrobin, cooperative-sticky
  std::string isolation = "read_committed";
  std::string reset = "earliest";  // earliest, latest, error
  std::string commit = "sync";     // sync, async (after processing), auto (librdkafka's own), none
  std::int64_t commit_interval_ms = 1'000;
  // Kafka's own default (KIP-735). Less than a dead coordinator is missed for (broker.session.timeout.ms, 9 s) would
  // make every member leave and come back as another, and the new coordinator wait for those that it takes for still
  // there.
  std::int64_t session_timeout_ms = 45'000;
  Properties properties;
};

// A producer whose records come in transactions, some of them aborted on purpose. With an input it is a processor
// instead: it reads that topic in a group, makes one record of each one read, and commits the offsets within the
// transaction. JSON: the fields of a producer, "transaction": {"id", "messages", "span_ms", "abort_share",
// "timeout_ms"} and "input": {the fields of a consumer but `cluster`, `partitions`, `isolation` and the commits}.
// progress: the producer's, "committed_transactions", "aborted_transactions", "unknown_transactions"; with an input
// also the consumer's, where a position counts once the transaction that moved it has ended.
struct TransactSpec {
  ProduceSpec produce;
  ConsumeSpec consume;               // of the input; without a topic there is none
  std::string transactional_id;      // empty: RUN.TASK
  std::int64_t messages = 100;       // of one transaction, at most
  std::int64_t span_ms = 200;        // how long one stays open for more, at most
  double abort_share = 0.1;          // of transactions; drawn from the seed
  std::int64_t timeout_ms = 30'000;  // after which the cluster aborts it
  bool processes() const { return !consume.topic.empty(); }
};

// Reads every partition from log start to the end as it is when the read begins, with a fresh client.
// progress: {"partitions": n, "complete": n, "records": n}
struct AuditSpec {
  ClusterAccess cluster;
  std::string topic;
  std::int64_t deadline_ms = 120'000;  // past it the audit fails: nothing is claimed for the partitions not finished
};

// progress: {"cluster_id", "controller": node or -1, "brokers": [ids], "partitions": {"orders-0": {"leader", "epoch",
// "isr": [], "replicas": [], "log_start", "end", "end_asked_at": ns}}, "groups": {"g": {"coordinator": id, "state",
// "members": n, "lag": {"orders-0": n}}}, "transactions": {"id": {"coordinator": id}}, "polls": n, "failed_polls": n,
// "at": ns of the last good poll}
struct ObserveSpec {
  ClusterAccess cluster;
  std::vector<std::string> topics;
  std::vector<std::string> groups;
  // Group to topic, for groups that read one only: elsewhere it lags behind nothing. Others: all topics.
  Properties reads;
  std::vector<std::string> transactional_ids;
  std::int64_t interval_ms = 200;
};

// Creates topics (or takes existing ones that fit) and tells what they are; removes them if `remove`.
// progress when done: {"topics": {"orders": {"partitions", "replication_factor", "min_insync_replicas",
// "unclean_leader_election", "cleanup_policy"}}, "cluster_id"}
struct TopicSpec {
  std::string name;
  std::int64_t partitions = 1;
  std::int64_t replication_factor = 3;
  Properties config;
};
struct TopicsSpec {
  ClusterAccess cluster;
  std::vector<TopicSpec> topics;
  bool remove = false;
  std::int64_t deadline_ms = 30'000;
};

nlohmann::json to_json(const ProduceSpec& spec);
nlohmann::json to_json(const ConsumeSpec& spec);
nlohmann::json to_json(const TransactSpec& spec);
nlohmann::json to_json(const AuditSpec& spec);
nlohmann::json to_json(const ObserveSpec& spec);
nlohmann::json to_json(const TopicsSpec& spec);
base::Result<ProduceSpec> produce_spec_from(const nlohmann::json& json);
base::Result<ConsumeSpec> consume_spec_from(const nlohmann::json& json);
base::Result<TransactSpec> transact_spec_from(const nlohmann::json& json);
base::Result<AuditSpec> audit_spec_from(const nlohmann::json& json);
base::Result<ObserveSpec> observe_spec_from(const nlohmann::json& json);
base::Result<TopicsSpec> topics_spec_from(const nlohmann::json& json);

}  // namespace common::protocol
