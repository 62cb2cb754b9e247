#include <nlohmann/json.hpp>

#include "common/protocol/workload_specs.h"
#include "common/protocol/workload_specs_json.h"

namespace common::protocol {

using nlohmann::json;

namespace {

void read_transaction(base::Fields& fields, base::Problems& problems, TransactSpec& spec) {
  const json* value = fields.object("transaction", false);
  if (value == nullptr) return;
  base::Fields nested(*value, fields.path_of("transaction"), problems);
  nested.optional("id", spec.transactional_id);
  nested.optional("messages", spec.messages, 1, 50'000);  // below what a client's queue holds: it never fills
  nested.optional("span_ms", spec.span_ms, 1, kLongestMs);
  nested.optional("abort_share", spec.abort_share, 0, 1);
  nested.optional("timeout_ms", spec.timeout_ms, 1'000, 900'000);  // Kafka's transaction.max.timeout.ms
  nested.finish();
}

void read_input(base::Fields& fields, base::Problems& problems, TransactSpec& spec) {
  const json* value = fields.object("input", false);
  if (value == nullptr) return;
  base::Fields nested(*value, fields.path_of("input"), problems);
  read_topic(nested, problems, "topic", spec.consume.topic);
  read_membership(nested, spec.consume);
  if (spec.consume.group.empty()) nested.problem("group", "is missing: offsets in a transaction are a group's");
  nested.finish();
  spec.consume.commit = "none";  // the transaction commits
}

// What makes no sense within a transaction.
void check_producer(base::Fields& fields, const TransactSpec& spec) {
  if (spec.produce.acks != "all") fields.problem("acks", "of a transaction are `all`, not `" + spec.produce.acks + "`");
  if (!spec.produce.idempotence) fields.problem("idempotence", "is what transactions are made of");
  if (spec.messages > spec.produce.max_in_flight_messages)
    fields.problem("transaction.messages", "are more than `max_in_flight_messages` (" +
                                               std::to_string(spec.produce.max_in_flight_messages) +
                                               "): one transaction would not fit into the client's queue");
  if (spec.processes() && spec.produce.rate > 0) fields.problem("rate", "is that of the input");
}

}  // namespace

json to_json(const TransactSpec& spec) {
  json value = to_json(spec.produce);
  value["transaction"] = {{"messages", spec.messages},
                          {"span_ms", spec.span_ms},
                          {"abort_share", spec.abort_share},
                          {"timeout_ms", spec.timeout_ms}};
  if (!spec.transactional_id.empty()) value["transaction"]["id"] = spec.transactional_id;
  if (spec.processes()) {
    value["input"] = to_json(spec.consume);
    for (const char* field : {"cluster", "partitions", "isolation", "commit", "commit_interval_ms"})
      value["input"].erase(field);
  }
  return value;
}

base::Result<TransactSpec> transact_spec_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  TransactSpec spec;
  read_produce(fields, problems, spec.produce);
  read_transaction(fields, problems, spec);
  read_input(fields, problems, spec);
  spec.consume.cluster = spec.produce.cluster;
  if (problems.empty()) check_producer(fields, spec);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  // A record that outlives its transaction helps nobody, and librdkafka wants it shorter.
  spec.produce.delivery_timeout_ms = std::min(spec.produce.delivery_timeout_ms, spec.timeout_ms);
  return spec;
}

}  // namespace common::protocol
