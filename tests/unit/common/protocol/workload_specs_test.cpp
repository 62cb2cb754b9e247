#include "common/protocol/workload_specs.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace common::protocol {
namespace {

using nlohmann::json;

const json kCluster = {{"bootstrap", "127.0.0.1:9092"}};

// Whatever is told comes back, so nothing is left out of either direction.
template <typename Spec>
void expect_same_after_a_trip(const Spec& spec, base::Result<Spec> (*from)(const json&)) {
  const json told = to_json(spec);
  const auto back = from(told);
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(to_json(*back), told);
}

// Every field of `full` differs from the default, so a reader that forgets one is found.
void expect_no_field_at_its_default(const json& full, const json& defaults) {
  for (const auto& [name, value] : full.items()) EXPECT_NE(value, defaults.at(name)) << name;
}

ProduceSpec full_produce() {
  ProduceSpec spec;
  spec.cluster = {"a:1,b:2", {{"security.protocol", "SSL"}}};
  spec.topic = "orders";
  spec.partitions = 6;
  spec.rate = 1234.5;
  spec.max_in_flight_messages = 10;
  spec.max_messages = 20;
  spec.duration_ms = 30;
  spec.size = {"uniform", 64, 200};
  spec.compressibility = 0.5;
  spec.keys = 9;
  spec.key_distribution = "zipf";
  spec.acks = "1";
  spec.idempotence = false;
  spec.compression = "zstd";
  spec.linger_ms = 0;
  spec.max_in_flight_requests = 1;
  spec.delivery_timeout_ms = 5000;
  spec.drain_ms = 6000;
  spec.seed = -7;
  spec.properties = {{"socket.keepalive.enable", "true"}};
  return spec;
}

ConsumeSpec full_consume() {
  ConsumeSpec spec;
  spec.cluster = {"a:1", {}};
  spec.topic = "orders";
  spec.group = "g";
  spec.protocol = "consumer";
  spec.instance_id = "i";
  spec.assignor = "cooperative-sticky";
  spec.isolation = "read_uncommitted";
  spec.reset = "latest";
  spec.commit = "async";
  spec.commit_interval_ms = 5;
  spec.session_timeout_ms = 6000;
  spec.properties = {{"fetch.min.bytes", "2"}};
  return spec;
}

TEST(workload_specs, what_is_told_comes_back) {
  expect_same_after_a_trip(full_produce(), &produce_spec_from);
  expect_no_field_at_its_default(to_json(full_produce()), to_json(ProduceSpec{}));
  expect_same_after_a_trip(full_consume(), &consume_spec_from);
  ConsumeSpec by_hand = full_consume();
  by_hand.group = by_hand.instance_id = "";
  by_hand.protocol = "classic";
  by_hand.partitions = {0, 5};
  expect_same_after_a_trip(by_hand, &consume_spec_from);
  expect_same_after_a_trip(AuditSpec{{"a:1", {}}, "orders", 7}, &audit_spec_from);
  expect_same_after_a_trip(ObserveSpec{{"a:1", {}}, {"orders"}, {"g"}, {{"g", "orders"}}, {"run.relay"}, 50},
                           &observe_spec_from);
  expect_same_after_a_trip(TopicsSpec{{"a:1", {}}, {{"orders", 6, 1, {{"min.insync.replicas", "1"}}}}, true, 9},
                           &topics_spec_from);
}

TEST(workload_specs, a_processor_and_a_transactional_producer_come_back_as_told) {
  TransactSpec spec;
  spec.produce = full_produce();
  spec.produce.acks = "all";
  spec.produce.idempotence = true;
  spec.produce.max_in_flight_requests = 5;
  spec.transactional_id = "id";
  spec.messages = 3;
  spec.span_ms = 4;
  spec.abort_share = 0.75;
  spec.timeout_ms = 60'000;
  expect_same_after_a_trip(spec, &transact_spec_from);
  json defaults = to_json(TransactSpec{})["transaction"];
  defaults["id"] = "";
  expect_no_field_at_its_default(to_json(spec)["transaction"], defaults);
  spec.produce.rate = 0;
  spec.consume = full_consume();
  spec.consume.topic = "input";
  expect_same_after_a_trip(spec, &transact_spec_from);
  EXPECT_EQ(transact_spec_from(to_json(spec))->consume.commit, "none") << "the transaction commits";
}

TEST(workload_specs, what_no_transaction_can_have_is_refused) {
  const json base_spec = {{"cluster", kCluster}, {"topic", "t"}};
  const auto what = [&base_spec](const json& more) {
    json spec = base_spec;
    spec.update(more);
    const auto result = transact_spec_from(spec);
    return result ? std::string("accepted") : result.error().what;
  };
  EXPECT_EQ(what(json::object()), "accepted");
  EXPECT_EQ(what({{"acks", "1"}}),
            "field `acks` of a transaction are `all`, not `1`; field `idempotence` is what transactions are made of");
  EXPECT_EQ(what({{"input", {{"topic", "i"}}}}),
            "field `input.group` is missing: offsets in a transaction are a group's");
  EXPECT_EQ(what({{"input", {{"topic", "i"}, {"group", "g"}}}, {"rate", 5}}), "field `rate` is that of the input");
  EXPECT_NE(what({{"transaction", {{"abort_share", 2}}}}), "accepted");
}

TEST(workload_specs, what_is_left_out_has_its_default) {
  const auto produce = produce_spec_from({{"cluster", kCluster}, {"topic", "orders"}});
  ASSERT_TRUE(produce) << produce.error().what;
  ProduceSpec expected;
  expected.cluster.bootstrap = "127.0.0.1:9092";
  expected.topic = "orders";
  EXPECT_EQ(to_json(*produce), to_json(expected));
  const auto weak = produce_spec_from({{"cluster", kCluster}, {"topic", "orders"}, {"acks", "1"}});
  ASSERT_TRUE(weak);
  EXPECT_FALSE(weak->idempotence) << "as a client's default is";
  const auto fixed = produce_spec_from({{"cluster", kCluster}, {"topic", "t"}, {"size", {{"low", 1000}}}});
  ASSERT_TRUE(fixed);
  EXPECT_EQ(fixed->size.high, 1000);
}

TEST(workload_specs, every_mistake_is_named_at_once) {
  const auto produce = produce_spec_from({{"cluster", {{"bootstrap", "nowhere"}, {"clients", 1}}},
                                          {"topic", "a b"},
                                          {"size", {{"low", 63}}},
                                          {"rate", -1},
                                          {"acks", "2"},
                                          {"partition", 3}});
  ASSERT_FALSE(produce);
  const std::string& what = produce.error().what;
  EXPECT_EQ(produce.error().kind, base::ErrorKind::configuration);
  for (const char* part :
       {"`cluster.bootstrap` must be host:port", "`cluster.clients` is unknown; did you mean `client`?", "`topic`",
        "`size.low` must be a whole number from 64", "`rate`", "`acks` must be one of all, 1, 0",
        "`partition` is unknown; did you mean `partitions`?"})
    EXPECT_NE(what.find(part), std::string::npos) << part << "\nnot in: " << what;
}

TEST(workload_specs, settings_that_contradict_each_other_are_refused) {
  const auto what = [](auto result) { return result ? std::string("accepted") : result.error().what; };
  const json base_produce = {{"cluster", kCluster}, {"topic", "t"}};
  json produce = base_produce;
  produce["idempotence"] = true;
  produce["acks"] = "1";
  EXPECT_NE(what(produce_spec_from(produce)).find("needs acks `all`"), std::string::npos);
  produce = base_produce;
  produce["max_in_flight_requests"] = 6;
  EXPECT_NE(what(produce_spec_from(produce)).find("up to 5, not 6"), std::string::npos);
  produce = base_produce;
  produce["size"] = {{"kind", "uniform"}, {"low", 200}, {"high", 100}};
  EXPECT_NE(what(produce_spec_from(produce)).find("`size.high` must not be below low (200), but is 100"),
            std::string::npos);
  const json consume = {{"cluster", kCluster}, {"topic", "t"}, {"group", "g"}, {"partitions", {0, -1}}};
  EXPECT_NE(what(consume_spec_from(consume)).find("`partitions[1]` must be a partition's number, not -1"),
            std::string::npos);
  EXPECT_NE(what(consume_spec_from(consume)).find("group `g` assigns them"), std::string::npos);
  EXPECT_NE(
      what(consume_spec_from({{"cluster", kCluster}, {"topic", "t"}, {"protocol", "consumer"}})).find("needs a group"),
      std::string::npos);
  const json topics = {{"cluster", kCluster}, {"topics", {{{"name", "a"}}, {{"name", "a"}, {"partitions", 0}}}}};
  EXPECT_NE(what(topics_spec_from(topics)).find("`topics[1].name` stands twice"), std::string::npos);
  EXPECT_NE(what(topics_spec_from(topics)).find("`topics[1].partitions`"), std::string::npos);
  EXPECT_NE(what(observe_spec_from({{"cluster", kCluster}, {"topics", {"ok", ".."}}})).find("`topics[1]`"),
            std::string::npos);
  EXPECT_NE(what(audit_spec_from({{"topic", "t"}, {"deadline_ms", 0}})).find("`cluster` is missing"),
            std::string::npos);
}

TEST(workload_specs, several_brokers_and_ipv6_are_addresses) {
  const auto accepted = [](const char* bootstrap) {
    return audit_spec_from({{"cluster", {{"bootstrap", bootstrap}}}, {"topic", "t"}}).has_value();
  };
  EXPECT_TRUE(accepted("a:1,b:65535"));
  EXPECT_TRUE(accepted("[::1]:9092"));
  for (const char* wrong : {"", "a", "a:", ":1", "a:0", "a:65536", "a:1,", "a:1x"})
    EXPECT_FALSE(accepted(wrong)) << wrong;
}

}  // namespace
}  // namespace common::protocol
