// Mistakes in a scenario: each with its place, all at once, with the nearest right name.
#include "coordinator/scenario/scenario.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "coordinator/scenario/plan_text.h"
#include "tests/unit/coordinator/scenario/mistakes.h"

namespace coordinator::scenario {
namespace {

constexpr const char* kGood = R"(scenario: small
parameters:
  rate: 5k/s
topics:
  - {name: orders, partitions: 2}
workloads:
  - {name: writer, kind: produce, topic: orders, rate: "${rate}"}
  - {name: reader, kind: consume, topic: orders, group: readers}
phases:
  - name: fault
    steps:
      - {fault: freeze, kind: pause, target: "coordinator of group readers", for: 5s, background: true, allow: unavailable}
      - {until: lag == 0, within: 10s}
expect:
  - p99(ack) < 200ms during fault
)";

TEST(Scenario, a_good_one_has_no_mistakes) {
  EXPECT_EQ(mistakes(kGood), "none");
}

TEST(Scenario, json_is_accepted_too) {
  EXPECT_EQ(
      mistakes(
          R"({"scenario": "j", "topics": [], "workloads": [], "phases": [{"name": "p", "steps": [{"wait": "1s"}]}]})"),
      "none");
}

TEST(Scenario, an_unknown_field_is_named_with_its_place_and_the_nearest_name) {
  EXPECT_EQ(mistakes(with(kGood, "partitions: 2", "partitons: 2")),
            "s.yaml:5:20: `partitons` is unknown in a topic; did you mean `partitions`?");
  EXPECT_EQ(mistakes(with(kGood, "rate: \"${rate}\"", "acsk: all")),
            "s.yaml:7:50: `acsk` is unknown in a workload; did you mean `acks`?");
}

TEST(Scenario, all_mistakes_come_at_once_in_the_order_of_the_file) {
  std::string text = with(kGood, "partitions: 2", "partitions: many");
  text = with(text, "kind: consume", "kind: consumer");
  text = with(text, "for: 5s", "for: 5");
  text = with(text, "lag == 0", "lags == 0");
  text = with(text, "during fault", "during fautl");
  EXPECT_EQ(mistakes(text),
            "s.yaml:5:32: `partitions`: `many` is not one of the forms 1000, 20k, 1.5M\n"
            "s.yaml:8:26: `kind` must be `produce`, `consume` or `transact`, not `consumer`; did you mean `consume`?\n"
            "s.yaml:12:83: `for`: `5` is not one of the forms 500us, 200ms, 1.5s, 2m, 1h\n"
            "s.yaml:13:17: a gate cannot wait for `lags`; did you mean `lag`?\n"
            "s.yaml:15:29: there is no phase or fault `fautl`; did you mean `fault`?");
}

TEST(Scenario, targets_are_checked_against_topics_and_groups) {
  const auto target = [](const std::string& words) {
    return mistakes(with(kGood, "coordinator of group readers", words));
  };
  EXPECT_EQ(target("leader of orders-1"), "none");
  EXPECT_EQ(target("controller"), "none");
  EXPECT_EQ(target("broker 9"), "none") << "the cluster may have it";
  EXPECT_EQ(target("leader of orders-2"), "s.yaml:12:46: `orders` has no partition 2; it has 0 to 1");
  EXPECT_EQ(target("leader of order-0"),
            "s.yaml:12:46: the topic `order` is not declared under `topics`; did you mean `orders`?");
  EXPECT_EQ(target("the leader"),
            "s.yaml:12:46: `the leader` is no target; it can be `broker N`, `leader of TOPIC-PARTITION`, `controller`, "
            "`coordinator of group G` or `coordinator of transactions of TASK`");
}

// What is told when the scenario is planned on a cluster of which this is known.
std::string refused(const std::string& text, const ClusterFacts& cluster, const ParameterValues& set = {}) {
  const auto scenario = parse_scenario(text, "s.yaml");
  if (!scenario) return scenario.error().what;
  const auto plan = make_plan(*scenario, set, cluster, "r", 1);
  return plan ? "nothing" : plan.error().what;
}

ClusterFacts cluster_with(std::vector<DeclaredService> services) {
  ClusterFacts cluster;
  for (const auto& service : services) cluster.brokers.push_back(service.node_id);
  cluster.services = std::move(services);
  return cluster;
}

TEST(Scenario, a_broker_that_the_cluster_lacks_is_found_when_it_is_planned) {
  const auto text = with(kGood, "coordinator of group readers", "broker 9");
  EXPECT_EQ(refused(text, cluster_with({{1, "a", "c", {"pause"}}, {2, "a", "c", {"pause"}}})),
            "s.yaml:12:46: there is no broker 9; declared are 1, 2");
  EXPECT_EQ(refused(text, {{1, 2, 3}}), "nothing") << "only an example of brokers";
}

TEST(Scenario, a_fault_is_refused_where_nothing_is_declared) {
  EXPECT_EQ(refused(kGood, ClusterFacts()), "nothing") << "nothing is known of the agents";
  EXPECT_EQ(refused(kGood, cluster_with({})),
            "s.yaml:12:31: nothing is declared that the fault `pause` could break: declare the brokers as services "
            "with a node_id, by "
            "--services FILE (`firedrill run`), or by --config FILE of an agent that is named by --agent URL");
}

TEST(Scenario, a_fault_that_no_agent_allows_is_refused_with_what_would_allow_it) {
  EXPECT_EQ(
      refused(kGood, cluster_with({{1, "a", "c", {"kill"}}, {2, "b", "c", {"stop"}}})),
      "s.yaml:12:31: the fault `pause` is not allowed by agent `a`, `b`, which allows `kill`, `stop`; add `pause` "
      "to its --allow-faults (of `firedrill run`, or of `firedrill agent`)");
  EXPECT_EQ(refused(kGood, cluster_with({{1, "a", "c", {"kill"}}, {2, "b", "c", {"pause"}}})), "nothing")
      << "the coordinator of a group may be broker 2";
}

TEST(Scenario, a_fault_on_a_broker_needs_that_brokers_agent) {
  const auto text = with(kGood, "coordinator of group readers", "broker 1");
  EXPECT_NE(refused(text, cluster_with({{1, "a", "c", {"kill"}}, {2, "b", "c", {"pause"}}})).find("agent `a`, which"),
            std::string::npos);
  EXPECT_EQ(refused(text, cluster_with({{1, "a", "c", {"pause"}}, {2, "b", "c", {}}})), "nothing");
}

TEST(Scenario, an_agent_breaks_only_the_cluster_it_was_told) {
  const auto at = [](const std::string& told, const std::string& is) {
    auto cluster = cluster_with({{1, "a", told, {"pause"}}});
    cluster.cluster_id = is;
    return refused(kGood, cluster);
  };
  EXPECT_EQ(at("c1", "c1"), "nothing");
  EXPECT_EQ(at("c1", ""), "nothing") << "not asked yet";
  EXPECT_EQ(at("", ""),
            "s.yaml:12:31: the fault `pause` is refused by agent `a`, which was not told a cluster: write `cluster_id` "
            "into its configuration");
  EXPECT_EQ(at("c1", "c2"),
            "s.yaml:12:31: the fault `pause` is refused by agent `a`, which was told the cluster c1, not this one, "
            "which is c2");
}

TEST(Scenario, more_replicas_than_brokers_are_refused_once_the_cluster_was_asked) {
  const auto text = with(kGood, "partitions: 2", "partitions: 2, replication_factor: 4");
  ClusterFacts cluster = cluster_with({{1, "a", "c", {"pause"}}});
  EXPECT_EQ(refused(text, cluster), "nothing");
  cluster.running = {1, 2, 3};
  EXPECT_EQ(refused(text, cluster),
            "s.yaml:5:55: `replication_factor` 4 is more than the cluster has brokers, which is 3");
  cluster.running = {2, 3, 4};
  EXPECT_EQ(refused(text, cluster), "nothing") << "broker 1 is declared and down, which is no mistake";
}

TEST(Scenario, fewer_replicas_than_must_be_in_sync_are_a_mistake) {
  EXPECT_EQ(
      mistakes(with(kGood, "partitions: 2", "replication_factor: 1, config: {min.insync.replicas: 2}")),
      "s.yaml:5:40: `replication_factor` 1 is less than min.insync.replicas 2: the topic would never take a record "
      "with acks=all");
  EXPECT_EQ(mistakes(with(kGood, "partitions: 2", "config: {min.insync.replicas: 4}")).substr(0, 12), "s.yaml:5:28:")
      << "the default is 3";
  EXPECT_EQ(
      mistakes(with(kGood, "partitions: 2", "partitions: 2, replication_factor: 2, config: {min.insync.replicas: 2}")),
      "none")
      << "as many are enough";
}

TEST(Scenario, nothing_can_be_sent_at_no_rate) {
  EXPECT_EQ(mistakes(with(kGood, "rate: 5k/s", "rate: 0/s")),
            "s.yaml:7:56: `rate` must be more than 0/s; without it, it is flat out");
}

TEST(Scenario, wrong_client_properties_are_told_at_their_own_place) {
  ClusterFacts cluster;
  cluster.check_property = [](const std::string& kind, const std::string& name,
                              const std::string& value) -> common::base::Result<void> {
    if (name == "linger.ms") return {};
    return common::base::fail(common::base::ErrorKind::configuration, kind + " " + name + " " + value);
  };
  EXPECT_EQ(refused(with(kGood, "rate: \"${rate}\"", "properties: {linger.ms: 5, linger.mss: \"${rate}\"}"), cluster),
            "s.yaml:7:77: produce linger.mss 5k/s");
}

TEST(Scenario, contradictions_between_settings_are_mistakes) {
  EXPECT_EQ(mistakes(with(kGood, "rate: \"${rate}\"", "acks: 1, idempotence: true")),
            "s.yaml:7:72: idempotence needs `acks: all`, not `acks: 1`");
  EXPECT_EQ(mistakes(with(kGood, "rate: \"${rate}\"", "size: 10B")),
            "s.yaml:7:56: `size` must be at least 64B: a message carries its identity");
  EXPECT_EQ(
      mistakes(with(kGood, "{until: lag == 0, within: 10s}", "{until: lag == 0, wait: 10s}")),
      "s.yaml:13:9: a step does one thing: it has one of `wait`, `until`, `hold`, `event`, `fault` or `for_each`");
  EXPECT_EQ(mistakes(with(kGood, "{until: lag == 0, within: 10s}", "{until: lag == 0}")),
            "s.yaml:13:9: a step lacks `within`: a duration like 5s");
}

TEST(Scenario, what_is_not_yaml_is_named_with_its_place) {
  EXPECT_EQ(mistakes("scenario: [a\nb: c\n"), "s.yaml:2:2: is not YAML: end of sequence flow not found");
  EXPECT_EQ(mistakes("scenario: a\ndescription: \xc3\xa9\xf7\n"), "s.yaml:2:15: is not UTF-8");
  EXPECT_EQ(mistakes(">\n, #---\n|\n? "), "s.yaml:2:1: a second document begins here; a file holds one scenario")
      << "yaml-cpp's LoadAll finds documents in it for ever";
  EXPECT_EQ(mistakes("scenario: \xed\xa0\x80"), "s.yaml:1:11: is not UTF-8") << "a lone surrogate";
  EXPECT_EQ(mistakes(""), "s.yaml:1:1: the file is empty");
  EXPECT_EQ(mistakes("a: 1\na: 2\n"), "s.yaml:2:1: `a` stands twice here");
  EXPECT_EQ(mistakes("a: 1\n---\nb: 2\n").substr(0, 8), "s.yaml:3");
}

TEST(Scenario, aliases_cannot_blow_it_up) {
  std::string text = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char name = 'b'; name <= 'i'; ++name) {
    const std::string before = "*" + std::string(1, static_cast<char>(name - 1));
    text += std::string(1, name) + ": &" + std::string(1, name) + " [" + before;
    for (int i = 0; i < 9; ++i) text += "," + before;
    text += "]\n";
  }
  EXPECT_NE(mistakes(text).find("too large or too deep"), std::string::npos);
}

TEST(Scenario, parameters_are_checked_by_name_and_by_word) {
  const auto scenario = parse_scenario(kGood, "s.yaml");
  ASSERT_TRUE(scenario);
  EXPECT_EQ(make_plan(*scenario, {{"rat", "1k/s"}}, {{1}}, "r", 1).error().what,
            "s.yaml: it has no parameter `rat`; did you mean `rate`?");
  EXPECT_EQ(make_plan(*scenario, {{"rate", "fast"}}, {{1}}, "r", 1).error().what,
            "s.yaml:7:56: `rate`: `fast` is not one of the forms 500/s, 20k/s, 1.5M/s");
  EXPECT_EQ(mistakes(with(kGood, "${rate}", "${rat}")),
            "s.yaml:7:56: the parameter `rat` is unknown; did you mean `rate`?");
}

TEST(Scenario, two_names_alike_are_a_mistake) {
  EXPECT_EQ(mistakes(with(kGood, "name: reader,", "name: writer,")), "s.yaml:7:3: two workloads are named `writer`");
  const std::string again =
      "  - name: later\n    steps:\n      - {fault: freeze, kind: pause, target: broker 1, for: 5s}\nexpect:\n";
  EXPECT_NE(mistakes(with(kGood, "expect:\n", again)).find("two faults are named `freeze`"), std::string::npos)
      << "in two phases as well";
}

TEST(Scenario, the_same_inputs_give_the_same_plan) {
  const auto scenario = parse_scenario(kGood, "s.yaml");
  ASSERT_TRUE(scenario);
  const auto plan = [&](std::uint64_t seed) {
    return to_json(*make_plan(*scenario, {}, {{1, 2, 3}}, "r", seed)).dump();
  };
  EXPECT_EQ(plan(5), plan(5));
  EXPECT_NE(plan(5), plan(6)) << "the seed of the producer is the plan's";
}

TEST(Scenario, the_plan_is_told_in_words) {
  const auto scenario = parse_scenario(kGood, "s.yaml");
  ASSERT_TRUE(scenario);
  EXPECT_EQ(plan_text(*make_plan(*scenario, {}, {{1, 2, 3}}, "r", 5)),
            "small  run r  seed 5\n"
            "\n"
            "parameters\n"
            "  rate = 5k/s\n"
            "\n"
            "topics\n"
            "  orders  2 partitions, 3 replicas\n"
            "\n"
            "workloads (readers first; the cluster is observed throughout)\n"
            "  reader  consume from orders, group readers (classic), commit sync\n"
            "  writer  produce to orders, 5000/s, acks all, idempotent\n"
            "\n"
            "phases\n"
            "  fault\n"
            "    freeze: pause coordinator of group readers for 5.00 s, in the background; partitions may become "
            "unavailable\n"
            "    until lag == 0, within 10.0 s\n"
            "  drain   producers stop, readers reach the end, within 60.0 s\n"
            "  audit   every partition is read from start to end, within 2 min 0 s\n"
            "\n"
            "expect    p99(ack) < 200ms during fault\n"
            "\n"
            "lasts     at most 5 min 15 s\n");
}

}  // namespace
}  // namespace coordinator::scenario
