#include <nlohmann/json.hpp>

#include "common/protocol/workload_specs.h"
#include "common/protocol/workload_specs_json.h"

namespace common::protocol {

using nlohmann::json;

namespace {

constexpr std::int64_t kIdentityBytes = 64;      // what makes a message countable; a smaller value has no room for it
constexpr std::int64_t kLargestValue = 1 << 30;  // librdkafka's message.max.bytes ends below this

json to_json(const Distribution& size) {
  return {{"kind", size.kind}, {"low", size.low}, {"high", size.high}};
}

void read_size(base::Fields& fields, base::Problems& problems, Distribution& out) {
  const json* value = fields.object("size", false);
  if (value == nullptr) return;
  base::Fields nested(*value, fields.path_of("size"), problems);
  nested.optional("kind", out.kind, {"fixed", "uniform", "exponential"});
  nested.optional("low", out.low, kIdentityBytes, kLargestValue);
  out.high = out.low;
  nested.optional("high", out.high, kIdentityBytes, kLargestValue);
  if (out.high < out.low)
    nested.problem("high",
                   "must not be below low (" + std::to_string(out.low) + "), but is " + std::to_string(out.high));
  nested.finish();
}

// What Kafka's own clients refuse, told before the client library does.
void check_idempotence(base::Fields& fields, const ProduceSpec& spec) {
  if (!spec.idempotence) return;
  if (spec.acks != "all") fields.problem("idempotence", "needs acks `all`, not `" + spec.acks + "`");
  if (spec.max_in_flight_requests > 5)
    fields.problem("idempotence",
                   "needs max_in_flight_requests up to 5, not " + std::to_string(spec.max_in_flight_requests));
}

}  // namespace

json to_json(const ProduceSpec& spec) {
  return {{"cluster", to_json(spec.cluster)},
          {"topic", spec.topic},
          {"partitions", spec.partitions},
          {"rate", spec.rate},
          {"max_in_flight_messages", spec.max_in_flight_messages},
          {"max_messages", spec.max_messages},
          {"duration_ms", spec.duration_ms},
          {"size", to_json(spec.size)},
          {"compressibility", spec.compressibility},
          {"keys", spec.keys},
          {"key_distribution", spec.key_distribution},
          {"acks", spec.acks},
          {"idempotence", spec.idempotence},
          {"compression", spec.compression},
          {"linger_ms", spec.linger_ms},
          {"max_in_flight_requests", spec.max_in_flight_requests},
          {"delivery_timeout_ms", spec.delivery_timeout_ms},
          {"drain_ms", spec.drain_ms},
          {"seed", spec.seed},
          {"properties", spec.properties}};
}

void read_produce(base::Fields& fields, base::Problems& problems, ProduceSpec& spec) {
  read_cluster(fields, problems, spec.cluster);
  read_topic(fields, problems, "topic", spec.topic);
  fields.optional("partitions", spec.partitions, 1, 1'000'000);
  fields.optional("rate", spec.rate, 0, 100'000'000);
  fields.optional("max_in_flight_messages", spec.max_in_flight_messages, 1, 10'000'000);
  fields.optional("max_messages", spec.max_messages, 0);
  fields.optional("duration_ms", spec.duration_ms, 0, kLongestMs);
  read_size(fields, problems, spec.size);
  fields.optional("compressibility", spec.compressibility, 0, 1);
  fields.optional("keys", spec.keys, 0, 1'000'000'000);
  fields.optional("key_distribution", spec.key_distribution, {"uniform", "zipf"});
  fields.optional("acks", spec.acks, {"all", "1", "0"});
  spec.idempotence = spec.acks == "all";  // as a client's default is
  fields.optional("idempotence", spec.idempotence);
  fields.optional("compression", spec.compression, {"none", "gzip", "snappy", "lz4", "zstd"});
  fields.optional("linger_ms", spec.linger_ms, 0, 900'000);
  fields.optional("max_in_flight_requests", spec.max_in_flight_requests, 1, 1'000'000);
  fields.optional("delivery_timeout_ms", spec.delivery_timeout_ms, 1, 2'147'483'647);
  fields.optional("drain_ms", spec.drain_ms, 0, kLongestMs);
  fields.optional("seed", spec.seed);
  fields.optional("properties", spec.properties);
  if (problems.empty()) check_idempotence(fields, spec);
}

base::Result<ProduceSpec> produce_spec_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "", problems);
  ProduceSpec spec;
  read_produce(fields, problems, spec);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return spec;
}

}  // namespace common::protocol
