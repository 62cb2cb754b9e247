#include "coordinator/doctor/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <nlohmann/json.hpp>

#include "coordinator/scenario/scenario.h"

namespace coordinator::doctor {
namespace {

using common::protocol::ClusterSetup;
using common::protocol::Properties;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Three brokers, three voters, one topic of two partitions that is as it should be.
ClusterSetup good() {
  ClusterSetup cluster;
  cluster.brokers = {1, 2, 3};
  cluster.voters = {1, 2, 3};
  cluster.broker_config = {{"min.insync.replicas", "2"}};
  cluster.topics = {{"orders",
                     {{0, 1, {1, 2, 3}, {1, 2, 3}}, {1, 2, {2, 3, 1}, {1, 2, 3}}},
                     {{"min.insync.replicas", "2"}, {"unclean.leader.election.enable", "false"}}}};
  return cluster;
}

// "danger one voter @quorum of controllers"
std::vector<std::string> found(const ClusterSetup& cluster, const std::vector<ClientSettings>& clients = {}) {
  std::vector<std::string> texts;
  for (const Diagnosis& one : diagnose(cluster, {}, clients).all) {
    EXPECT_FALSE(one.places.empty() || one.stake.empty() || one.why.empty()) << one.what;
    for (const std::string& place : one.places)
      texts.push_back(std::string(judge::name_of(one.concern)) + " " + one.what + " @" + place);
  }
  return texts;
}

std::vector<std::string> found_of(const Properties& properties, const Properties& broker = {}) {
  ClusterSetup cluster = good();
  cluster.broker_config.insert(broker.begin(), broker.end());
  std::vector<std::string> texts;
  for (const std::string& text : found(cluster, clients_with(properties)))
    texts.push_back(text.substr(0, text.find(" @")));
  return texts;
}

TEST(Doctor, finds_nothing_where_all_is_well) {
  EXPECT_THAT(found(good()), IsEmpty());
  EXPECT_EQ(worst(diagnose(good(), {}, {})), Concern::none);
  EXPECT_THAT(found_of({{"acks", "all"}, {"enable.idempotence", "true"}}), IsEmpty());
  EXPECT_THAT(found_of({{"enable.auto.commit", "false"}, {"auto.offset.reset", "earliest"}}), IsEmpty());
}

TEST(Doctor, names_the_quorum_that_bears_no_failure) {
  ClusterSetup cluster = good();
  cluster.voters = {1};
  EXPECT_THAT(found(cluster), ElementsAre("danger one voter @quorum of controllers"));
  cluster.voters = {1, 2};
  EXPECT_THAT(found(cluster), ElementsAre("warning two voters @quorum of controllers"));
  cluster.voters = {};  // not told: nothing is said
  EXPECT_THAT(found(cluster), IsEmpty());
}

TEST(Doctor, names_what_is_broken_already) {
  ClusterSetup cluster = good();
  cluster.brokers = {1, 2};
  cluster.topics[0].partitions = {
      {0, -1, {3}, {}}, {1, 1, {1, 2, 3}, {1}}, {2, 2, {2, 1, 3}, {1, 2}}, {3, 1, {1, 2, 3}, {1, 2, 3}}};
  const auto texts = found(cluster);
  EXPECT_THAT(texts, Contains("danger no leader @orders-0"));
  EXPECT_THAT(texts, Contains("danger fewer replicas in sync than min.insync.replicas @orders-1"));
  EXPECT_THAT(texts, Contains("warning replicas out of sync @orders-2"));
  EXPECT_THAT(texts, Contains("warning it does not run @broker 3"));
}

TEST(Doctor, says_nothing_of_a_configuration_that_was_not_told) {
  ClusterSetup cluster = good();
  cluster.topics[0].config.clear();
  cluster.unknown = {"the configuration of topic `orders`: TOPIC_AUTHORIZATION_FAILED"};
  EXPECT_THAT(found(cluster), IsEmpty());
  const std::string text = text_of(diagnose(cluster, {}, {}), cluster, "here:9092", {});
  EXPECT_EQ(text.substr(0, text.find('\n')), "NOT ALL TOLD  Nothing found in what was told.");
  EXPECT_NE(text.find("not told   - the configuration of topic `orders`: TOPIC_AUTHORIZATION_FAILED"),
            std::string::npos);
}

TEST(Doctor, holds_clients_against_no_bound_that_the_brokers_did_not_tell) {
  const Properties producer = {{"acks", "all"},
                               {"enable.idempotence", "true"},
                               {"request.timeout.ms", "5000"},
                               {"delivery.timeout.ms", "20000"},
                               {"transactional.id", "t"},
                               {"transaction.timeout.ms", "1000000"}};
  const Properties consumer = {
      {"enable.auto.commit", "false"}, {"auto.offset.reset", "earliest"}, {"session.timeout.ms", "9000"}};
  EXPECT_THAT(found_of(producer), IsEmpty());
  EXPECT_THAT(found_of(consumer), IsEmpty());
  EXPECT_EQ(found_of(producer, {{"replica.lag.time.max.ms", "30000"}, {"transaction.max.timeout.ms", "900000"}}).size(),
            2U);
  EXPECT_EQ(found_of(consumer, {{"broker.session.timeout.ms", "9000"}}).size(), 1U);
}

TEST(Doctor, names_unbalanced_leaders) {
  ClusterSetup cluster = good();
  cluster.topics[0].partitions.clear();
  for (std::int32_t i = 0; i < 30; ++i)
    cluster.topics[0].partitions.push_back({i, 1, {i % 3 + 1, (i + 1) % 3 + 1}, {i % 3 + 1, (i + 1) % 3 + 1}});
  cluster.topics[0].config["min.insync.replicas"] = "1";
  const auto texts = found(cluster);
  EXPECT_THAT(texts, Contains("note leads 30 of 30 partitions, with 3 brokers @broker 1"));
  EXPECT_THAT(texts, Contains("note leads 0 of the 10 partitions of which it is the preferred leader @broker 2"));
}

TEST(Doctor, judges_the_topics_that_Kafka_keeps_for_itself) {
  ClusterSetup cluster = good();
  cluster.broker_config["offsets.topic.replication.factor"] = "1";
  EXPECT_THAT(found(cluster), Contains("danger replication factor 1 @topic __consumer_offsets (not made yet)"));
  cluster.broker_config["transaction.state.log.replication.factor"] = "5";
  EXPECT_THAT(found(cluster), Contains("danger transaction.state.log.replication.factor=5 with 3 brokers @topic "
                                       "__transaction_state (not made yet)"));
  // Once it is made, what it is counts, and not with what it would be made now.
  cluster.topics.push_back({"__consumer_offsets", {{0, 1, {1, 2}, {1, 2}}}, {{"min.insync.replicas", "1"}}});
  const auto texts = found(cluster);
  EXPECT_THAT(texts, Contains("warning min.insync.replicas 1 @topic __consumer_offsets"));
  EXPECT_THAT(texts, Contains("warning replication factor 2, though there are 3 brokers @topic __consumer_offsets"));
}

TEST(Doctor, names_what_clients_are_not_promised) {
  EXPECT_THAT(found_of({{"request.required.acks", "1"}, {"enable.idempotence", "false"}, {"max.in.flight", "1"}}),
              ElementsAre("danger acks=1", "warning no idempotence"));
  EXPECT_THAT(found_of({{"linger.ms", "5"}}),
              ElementsAre("warning no idempotence (librdkafka's default; Java's is true)",
                          "warning no idempotence, several requests in flight (librdkafka's default; Java's is true)"));
  EXPECT_THAT(found_of({{"group.id", "g"}}),
              ElementsAre("warning automatic commit (the default)", "note reset latest (the default)"));
  // An application that stores offsets itself commits what is done.
  EXPECT_THAT(found_of({{"enable.auto.commit", "true"},
                        {"enable.auto.offset.store", "false"},
                        {"auto.offset.reset", "earliest"},
                        {"isolation.level", "read_uncommitted"}}),
              ElementsAre("note read_uncommitted"));
}

TEST(Doctor, reads_booleans_as_the_library_does) {
  for (const char* value : {"true", "1", "t", "T", "True"})
    EXPECT_THAT(found_of({{"acks", "all"}, {"enable.idempotence", value}}), IsEmpty()) << value;
  EXPECT_THAT(found_of({{"enable.auto.commit", "1"}, {"auto.offset.reset", "earliest"}}),
              ElementsAre("warning automatic commit"));
  EXPECT_THAT(found_of({{"transactional.id", "t"}, {"enable.idempotence", "F"}}),
              Contains("danger transactional.id with enable.idempotence=false"));
}

TEST(Doctor, names_timeouts_that_contradict_each_other_or_the_brokers) {
  const Properties producer = {{"acks", "all"}, {"enable.idempotence", "true"}};
  const auto with = [](Properties properties, const Properties& more) {
    properties.insert(more.begin(), more.end());
    return properties;
  };
  EXPECT_THAT(found_of(with(producer, {{"message.timeout.ms", "30004"}})),
              ElementsAre("warning delivery.timeout.ms=30004 below linger.ms + request.timeout.ms (30005)"));
  EXPECT_THAT(found_of(with(producer, {{"delivery.timeout.ms", "30005"}})), IsEmpty());
  EXPECT_THAT(found_of(with(producer, {{"delivery.timeout.ms", "40000"}}), {{"replica.lag.time.max.ms", "40001"}}),
              ElementsAre("warning delivery.timeout.ms=40000 below the brokers' replica.lag.time.max.ms (40001)"));
  EXPECT_THAT(found_of(with(producer, {{"transactional.id", "t"}, {"transaction.timeout.ms", "61000"}}),
                       {{"transaction.max.timeout.ms", "60000"}}),
              ElementsAre("danger transaction.timeout.ms=61000 above the brokers' transaction.max.timeout.ms (60000)"));
  const Properties consumer = {{"enable.auto.commit", "false"}, {"auto.offset.reset", "earliest"}};
  EXPECT_THAT(found_of(with(consumer, {{"session.timeout.ms", "45000"}, {"heartbeat.interval.ms", "15001"}})),
              ElementsAre("warning heartbeat.interval.ms=15001 above a third of session.timeout.ms=45000"));
  EXPECT_THAT(found_of(with(consumer, {{"max.poll.interval.ms", "44999"}})),
              ElementsAre("danger max.poll.interval.ms=44999 below session.timeout.ms=45000"));
  EXPECT_THAT(found_of(with(consumer, {{"session.timeout.ms", "60000"}}), {{"group.max.session.timeout.ms", "50000"}}),
              ElementsAre("danger session.timeout.ms=60000 outside the brokers' bounds (0 to 50000)"));
  // With KIP-848 session and heartbeat are the broker's, and nobody holds the poll interval against them.
  EXPECT_THAT(found_of(with(consumer, {{"group.protocol", "consumer"}, {"max.poll.interval.ms", "6000"}})), IsEmpty());
  EXPECT_THAT(found_of(with(consumer, {{"group.protocol", "consumer"}, {"heartbeat.interval.ms", "50000"}})),
              IsEmpty());
}

auto clients_of_scenario(const std::string& topics_and_workloads) {
  const auto scenario = scenario::parse_scenario(
      "scenario: s\n" + topics_and_workloads + "phases: [{name: steady, steps: [{wait: 1s}]}]\n", "s.yaml");
  EXPECT_TRUE(scenario) << scenario.error().what;
  const auto plan = make_plan(*scenario, {}, {{1, 2, 3}}, "r", 1);
  EXPECT_TRUE(plan) << plan.error().what;
  return clients_of(*plan);
}

TEST(Doctor, reads_the_workloads_of_a_scenario) {
  const auto clients = clients_of_scenario(
      "topics: [{name: orders}]\n"
      "workloads:\n"
      "  - {name: writer, kind: produce, topic: orders, acks: '1'}\n"
      "  - {name: reader, kind: consume, topic: orders, count: 2, group: g, commit: none, reset: latest}\n"
      "  - {name: bystander, kind: consume, topic: orders}\n");
  ASSERT_TRUE(clients) << clients.error().what;
  EXPECT_THAT(
      found(good(), *clients),
      ElementsAre("danger acks=1 @workload writer", "warning reset latest, no commit @workload reader-1",
                  "warning reset latest, no commit @workload reader-2", "warning no idempotence @workload writer",
                  "warning no idempotence, several requests in flight @workload writer",
                  "note no commit @workload reader-1", "note no commit @workload reader-2"));
}

TEST(Doctor, reads_transactional_workloads_as_the_clients_that_they_are) {
  const auto clients = clients_of_scenario(
      "topics: [{name: orders}, {name: bills}]\n"
      "workloads:\n"
      "  - {name: writer, kind: transact, topic: orders, transaction_timeout: 55s, linger: 40s}\n"
      "  - {name: relay, kind: transact, topic: bills, input: orders, group: g, transaction_timeout: 70s}\n");
  ASSERT_TRUE(clients) << clients.error().what;
  ClusterSetup cluster = good();
  cluster.broker_config["transaction.max.timeout.ms"] = "60000";
  EXPECT_THAT(
      found(cluster, *clients),
      ElementsAre("danger transaction.timeout.ms=70000 above the brokers' transaction.max.timeout.ms (60000) "
                  "@workload relay",
                  "warning delivery.timeout.ms=55000 below linger.ms + request.timeout.ms (70000) @workload writer"));
}

TEST(Doctor, defaults_are_those_of_the_library) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_topic_conf_t* topic = rd_kafka_topic_conf_new();
  for (const ClientDefault& one : client_defaults()) {
    char value[512] = "";
    std::size_t size = sizeof value;
    if (rd_kafka_conf_get(conf, one.name, value, &size) != RD_KAFKA_CONF_OK) {
      size = sizeof value;
      // One that has no default is as unknown as one that does not exist.
      const bool told = rd_kafka_topic_conf_get(topic, one.name, value, &size) == RD_KAFKA_CONF_OK;
      EXPECT_TRUE(told || *one.value == 0) << one.name;
    }
    EXPECT_STREQ(value, one.value) << one.name;
  }
  rd_kafka_topic_conf_destroy(topic);
  rd_kafka_conf_destroy(conf);
}

}  // namespace
}  // namespace coordinator::doctor
