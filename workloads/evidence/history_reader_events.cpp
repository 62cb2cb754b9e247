#include "workloads/evidence/history_reader_events.h"

#include <algorithm>
#include <string>

namespace workloads::evidence {

namespace {

constexpr std::int64_t kMostPartitions = INT32_MAX;

Id named(HistoryLine& line, Names& names, std::string_view path) {
  const std::string text = line.text(path);
  return line.mistake().empty() ? names.intern(text) : kNoId;
}

Id optionally_named(HistoryLine& line, Names& names, std::string_view path) {
  bool told = false;
  const std::string text = line.optional_text(path, told);
  return told && line.mistake().empty() ? names.intern(text) : kNoId;
}

std::int64_t time(HistoryLine& line) {
  return line.optional_number("at", kNoTime);
}

// A number of which only small values matter: what exceeds 32 bits counts as the largest.
std::int32_t clamped(std::int64_t value) {
  return static_cast<std::int32_t>(std::min<std::int64_t>(value, INT32_MAX));
}

Partition place(HistoryLine& line, Names& names, const std::string& within = "") {
  Partition where;
  where.topic = named(line, names, within + "topic");
  where.partition = static_cast<std::int32_t>(line.number(within + "partition", 0, kMostPartitions));
  return where;
}

// sequence + count and offset + count must stay within int64.
std::int64_t count(HistoryLine& line, std::int64_t sequence, std::int64_t offset) {
  const std::int64_t n = line.optional_number("count", 1, 1);
  if (sequence > INT64_MAX - n) line.problem("sequence", "+ `count` goes beyond 2^63 - 1");
  if (offset > INT64_MAX - n) line.problem("offset", "+ `count` goes beyond 2^63 - 1");
  return n;
}

Event read_run(HistoryLine& line, Names&) {
  RunStart run;
  line.number("format", 1, 1);
  run.run = line.text("run");
  return run;
}

Event read_topic(HistoryLine& line, Names& names) {
  TopicInfo topic;
  topic.topic = named(line, names, "topic");
  topic.partitions = clamped(line.number("partitions", 1));
  topic.replication_factor = clamped(line.optional_number("replication_factor", 3, 1));
  topic.min_insync_replicas = clamped(line.optional_number("min_insync_replicas", 2, 1));
  topic.unclean_leader_election = line.optional_flag("unclean_leader_election", false);
  topic.compact = line.optional_word("cleanup_policy", 0, {"delete", "compact"}) == 1;
  return topic;
}

Event read_producer(HistoryLine& line, Names& names) {
  ProducerInfo producer;
  producer.producer = named(line, names, "producer");
  producer.host = optionally_named(line, names, "host");
  producer.acks = static_cast<Acks>(line.optional_word("acks", 0, {"all", "1", "0"}));
  producer.idempotence = line.optional_flag("idempotence", producer.acks == Acks::all);
  producer.max_in_flight = clamped(line.optional_number("max_in_flight", 5, 1));
  producer.transactional_id = optionally_named(line, names, "transactional_id");
  return producer;
}

Event read_send(HistoryLine& line, Names& names) {
  Send send;
  send.producer = named(line, names, "producer");
  send.where = place(line, names);
  send.sequence = line.number("sequence");
  send.count = count(line, send.sequence, 0);
  send.at = time(line);
  send.transaction = line.optional_number("transaction", kNoOffset);
  send.key = optionally_named(line, names, "key");
  return send;
}

Event read_ack(HistoryLine& line, Names& names) {
  Ack ack;
  ack.producer = named(line, names, "producer");
  ack.where = place(line, names);
  ack.sequence = line.number("sequence");
  ack.offset = line.is_null("offset") ? kNoOffset : line.number("offset");
  ack.count = count(line, ack.sequence, ack.offset);
  ack.at = time(line);
  return ack;
}

template <typename Outcome>
Event read_outcome(HistoryLine& line, Names& names) {
  Outcome outcome;
  outcome.producer = named(line, names, "producer");
  outcome.where = place(line, names);
  outcome.sequence = line.number("sequence");
  outcome.count = count(line, outcome.sequence, 0);
  outcome.reason = optionally_named(line, names, "reason");
  outcome.at = time(line);
  return outcome;
}

Event read_transaction(HistoryLine& line, Names& names) {
  Transaction transaction;
  transaction.producer = named(line, names, "producer");
  transaction.transaction = line.number("transaction");
  transaction.state = static_cast<TransactionState>(
      line.word("state", {"begun", "commit_asked", "committed", "abort_asked", "aborted", "unknown"}));
  transaction.at = time(line);
  return transaction;
}

Event read_consumer(HistoryLine& line, Names& names) {
  ConsumerInfo consumer;
  consumer.consumer = named(line, names, "consumer");
  consumer.host = optionally_named(line, names, "host");
  if (!line.is_null("group")) consumer.group = optionally_named(line, names, "group");
  consumer.isolation =
      static_cast<Isolation>(line.optional_word("isolation", 0, {"read_committed", "read_uncommitted"}));
  consumer.reset = static_cast<Reset>(line.optional_word("reset", 0, {"earliest", "latest", "error"}));
  return consumer;
}

Event read_assign(HistoryLine& line, Names& names) {
  Assign assign;
  assign.consumer = named(line, names, "consumer");
  assign.where = place(line, names);
  if (!line.is_null("position")) assign.position = line.optional_number("position", kNoOffset);
  assign.at = time(line);
  return assign;
}

Event read_revoke(HistoryLine& line, Names& names) {
  Revoke revoke;
  revoke.consumer = named(line, names, "consumer");
  revoke.where = place(line, names);
  revoke.lost = line.optional_flag("lost", false);
  revoke.at = time(line);
  return revoke;
}

Event read_seek(HistoryLine& line, Names& names) {
  Seek seek;
  seek.consumer = named(line, names, "consumer");
  seek.where = place(line, names);
  seek.offset = line.number("offset");
  seek.at = time(line);
  return seek;
}

Event read_deliver(HistoryLine& line, Names& names) {
  Deliver deliver;
  deliver.consumer = named(line, names, "consumer");
  deliver.where = place(line, names);
  deliver.offset = line.number("offset");
  if (line.is_null("producer")) {
    if (!line.is_null("sequence") && line.has("sequence")) line.problem("sequence", "must be null, as `producer` is");
  } else {
    deliver.producer = named(line, names, "producer");
    deliver.sequence = line.number("sequence");
  }
  deliver.count = count(line, deliver.sequence, deliver.offset);
  deliver.target = line.optional_object("target") ? place(line, names, "target.") : deliver.where;
  deliver.at = time(line);
  deliver.intact = line.optional_flag("intact", true);
  deliver.leader_epoch = static_cast<std::int32_t>(line.optional_number("leader_epoch", kNoEpoch, 0, INT32_MAX));
  if (line.optional_object("within")) {
    deliver.within_producer = named(line, names, "within.producer");
    deliver.within_transaction = line.number("within.transaction");
  }
  return deliver;
}

Event read_commit(HistoryLine& line, Names& names) {
  Commit commit;
  commit.consumer = named(line, names, "consumer");
  commit.where = place(line, names);
  commit.offset = line.number("offset");
  commit.state = static_cast<CommitState>(line.word("state", {"asked", "confirmed", "failed", "unknown"}));
  commit.at = time(line);
  return commit;
}

Event read_input(HistoryLine& line, Names& names) {
  Input input;
  input.producer = named(line, names, "producer");
  input.where = place(line, names);
  input.sequence = line.number("sequence");
  if (line.optional_object("of")) {
    input.of = place(line, names, "of.");
    input.of_offset = line.number("of.offset");
  } else {
    line.problem("of", "is missing; expected an object");
  }
  return input;
}

Event read_audit(HistoryLine& line, Names& names) {
  Audit audit;
  audit.consumer = named(line, names, "consumer");
  audit.where = place(line, names);
  audit.start = line.number("start");
  audit.end = line.number("end");
  if (audit.end < audit.start) line.problem("end", "is below `start`");
  return audit;
}

Event read_sample(HistoryLine& line, Names& names) {
  Sample sample;
  sample.where = place(line, names);
  sample.at = time(line);
  sample.host = optionally_named(line, names, "host");
  sample.log_start = line.optional_number("log_start", kNoOffset);
  sample.end = line.optional_number("end", kNoOffset);
  sample.leader = static_cast<std::int32_t>(line.optional_number("leader", -1, 0, INT32_MAX));
  sample.leader_epoch = static_cast<std::int32_t>(line.optional_number("leader_epoch", kNoEpoch, 0, INT32_MAX));
  sample.isr_told = line.has("isr");
  for (const std::int64_t broker : line.numbers("isr", INT32_MAX))
    sample.isr.push_back(static_cast<std::int32_t>(broker));
  return sample;
}

Event read_clock(HistoryLine& line, Names& names) {
  ClockOffset clock;
  clock.host = named(line, names, "host");
  clock.offset_ns = line.number("offset_ns", INT64_MIN);
  clock.error_ns = line.number("error_ns");
  return clock;
}

Event read_fault(HistoryLine& line, Names& names) {
  Fault fault;
  fault.fault = named(line, names, "fault");
  fault.kind = named(line, names, "kind");
  fault.target = named(line, names, "target");
  fault.state = static_cast<FaultState>(
      line.word("state", {"planned", "injecting", "active", "reverting", "reverted", "failed"}));
  fault.at = time(line);
  fault.host = optionally_named(line, names, "host");
  fault.proof = optionally_named(line, names, "proof");
  return fault;
}

Event read_end(HistoryLine&, Names&) {
  return End{};
}

struct Row {
  std::string_view event;
  Event (*read)(HistoryLine&, Names&);
};

constexpr Row kEvents[] = {
    {"run", read_run},
    {"topic", read_topic},
    {"producer", read_producer},
    {"send", read_send},
    {"ack", read_ack},
    {"refuse", read_outcome<Refuse>},
    {"unknown", read_outcome<Unknown>},
    {"transaction", read_transaction},
    {"consumer", read_consumer},
    {"assign", read_assign},
    {"revoke", read_revoke},
    {"seek", read_seek},
    {"deliver", read_deliver},
    {"commit", read_commit},
    {"input", read_input},
    {"audit", read_audit},
    {"sample", read_sample},
    {"clock", read_clock},
    {"fault", read_fault},
    {"end", read_end},
};

}  // namespace

Event read_event(HistoryLine& line, Names& names) {
  const std::string name = line.text("event");
  if (!line.mistake().empty()) return End{};
  for (const Row& row : kEvents) {
    if (row.event != name) continue;
    Event event = row.read(line, names);
    line.finish();
    return event;
  }
  line.problem("event", "\"" + name.substr(0, 40) + "\" is unknown");
  return End{};
}

}  // namespace workloads::evidence
