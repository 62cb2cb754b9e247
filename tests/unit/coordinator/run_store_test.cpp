#include "coordinator/run_store.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/temporary_folder.h"

namespace coordinator {
namespace {

using common::base::ErrorKind;
using tests::TemporaryFolder;

constexpr const char* kScenario =
    "scenario: small\n"
    "parameters: {rate: 1k/s}\n"
    "topics: [{name: orders, partitions: 2}]\n"
    "workloads: [{name: writer, kind: produce, topic: orders, rate: \"${rate}\"}]\n"
    "phases: [{name: steady, steps: [{wait: 1s}]}]\n";

Fleet small_fleet() {
  common::protocol::AgentInfo info;
  info.name = "a";
  info.host = "h";
  info.version = info.librdkafka = "0";
  info.services.push_back({"broker-1", 1, "h:9092", false});
  return *Fleet::of({{"http://127.0.0.1:1", info}});
}

RunRequest request(const std::string& rate = "1k/s") {
  RunRequest asked;
  asked.id = "run-1";
  asked.scenario = kScenario;
  asked.parameters = {{"rate", rate}};
  asked.bootstrap = "h:9092";
  asked.client = {{"sasl.password", "secret"}};
  return asked;
}

class run_store : public ::testing::Test {
 protected:
  TemporaryFolder root_;
  RunStore store_{root_.path()};
};

TEST_F(run_store, run_is_found_again_as_it_was_created) {
  const auto created = store_.create(request(), small_fleet());
  ASSERT_TRUE(created.has_value()) << created.error().what;
  EXPECT_TRUE(created->fresh);
  const auto again = RunStore(root_.path()).open("run-1");
  ASSERT_TRUE(again.has_value()) << again.error().what;
  EXPECT_EQ(to_json(again->request), to_json(created->request));
  EXPECT_EQ(to_json(again->plan), to_json(created->plan));
  EXPECT_EQ(again->fleet.agents().at(0).info.name, "a");
  EXPECT_EQ(store_.folders(), std::vector<std::string>{"run-1"});
}

TEST_F(run_store, same_request_is_the_same_run_and_keeps_its_seed) {
  const auto first = store_.create(request(), small_fleet());
  const auto second = store_.create(request(), small_fleet());
  ASSERT_TRUE(second.has_value()) << second.error().what;
  EXPECT_FALSE(second->fresh);
  EXPECT_EQ(second->request.seed, first->request.seed);
}

TEST_F(run_store, same_id_with_another_request_is_a_conflict) {
  ASSERT_TRUE(store_.create(request(), small_fleet()).has_value());
  const auto other = store_.create(request("2k/s"), small_fleet());
  ASSERT_TRUE(other.has_error());
  EXPECT_EQ(other.error().kind, ErrorKind::conflict);
}

TEST_F(run_store, scenario_with_mistakes_leaves_nothing) {
  auto wrong = request();
  wrong.scenario += "expectt: []\n";
  const auto refused = store_.create(wrong, small_fleet());
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().kind, ErrorKind::configuration);
  EXPECT_TRUE(std::filesystem::is_empty(root_.path()));
}

TEST_F(run_store, directory_that_a_kill_left_half_made_is_no_run_and_is_made_again) {
  ASSERT_TRUE(store_.create(request(), small_fleet()).has_value());
  std::filesystem::remove(root_.path() + "/run-1/run.json");
  EXPECT_TRUE(store_.folders().empty());
  const auto again = store_.create(request("2k/s"), small_fleet());
  ASSERT_TRUE(again.has_value()) << again.error().what;
  EXPECT_TRUE(again->fresh);
}

TEST_F(run_store, secrets_are_beside_the_run_directory_for_the_owner_alone) {
  ASSERT_TRUE(store_.create(request(), small_fleet()).has_value());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root_.path() + "/run-1")) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path());
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(text.find("secret"), std::string::npos) << entry.path();
  }
  struct stat facts {};
  ASSERT_EQ(::stat((root_.path() + "/.run-1.client").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

// Of a cluster that says to have these brokers; counts the questions.
struct Asked {
  int times = 0;
  Preflight preflight(std::vector<std::int64_t> brokers) {
    return {[](const std::string& kind, const std::string& name, const std::string&) -> common::base::Result<void> {
              if (name != "wrong") return {};
              return common::base::fail(ErrorKind::configuration, "`wrong` of `" + kind + "`");
            },
            [this, brokers](const Fleet&, const RunRequest&) -> common::base::Result<common::protocol::ClusterInfo> {
              ++times;
              return common::protocol::ClusterInfo{"c", brokers};
            }};
  }
};

TEST_F(run_store, what_only_the_cluster_knows_is_asked_before_anything_is_written) {
  Asked asked;
  const auto refused = RunStore(root_.path(), asked.preflight({1, 2})).create(request(), small_fleet());
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().kind, ErrorKind::configuration);
  EXPECT_EQ(refused.error().what,
            "scenario:3:10: `replication_factor` 3 is more than the cluster has brokers, which is 2");
  EXPECT_TRUE(std::filesystem::is_empty(root_.path()));
  EXPECT_TRUE(RunStore(root_.path(), asked.preflight({1, 2, 3})).create(request(), small_fleet()).has_value());
  EXPECT_EQ(asked.times, 2);
}

TEST_F(run_store, cluster_is_not_asked_for_a_run_that_is_there_nor_for_a_scenario_that_is_wrong) {
  Asked asked;
  RunStore store(root_.path(), asked.preflight({1, 2, 3}));
  auto wrong = request();
  wrong.scenario += "expectt: []\n";
  ASSERT_TRUE(store.create(wrong, small_fleet()).has_error());
  EXPECT_EQ(asked.times, 0);
  ASSERT_TRUE(store.create(request(), small_fleet()).has_value());
  ASSERT_TRUE(store.create(request(), small_fleet()).has_value());
  EXPECT_EQ(asked.times, 1) << "a broker may be broken by the run that is there";
}

TEST_F(run_store, wrong_client_properties_of_workloads_and_of_the_request_are_refused) {
  Asked asked;
  RunStore store(root_.path(), asked.preflight({1, 2, 3}));
  auto in_scenario = request();
  in_scenario.scenario.replace(in_scenario.scenario.find("rate: \"${rate}\""), 15, "properties: {wrong: 1}");
  EXPECT_EQ(store.create(in_scenario, small_fleet()).error().what, "scenario:4:71: `wrong` of `produce`");
  auto in_request = request();
  in_request.client = {{"wrong", "1"}};
  EXPECT_EQ(store.create(in_request, small_fleet()).error().what, "field `client`: `wrong` of ``");
  EXPECT_TRUE(std::filesystem::is_empty(root_.path()));
}

TEST(run_request, bootstrap_and_seed_are_checked) {
  const auto what = [](const char* bootstrap, const nlohmann::json& seed) {
    const auto read = run_request_from({{"id", "a"}, {"scenario", "s"}, {"bootstrap", bootstrap}, {"seed", seed}});
    return read ? "none" : read.error().what;
  };
  EXPECT_EQ(what("h:1,[::1]:2", 7), "none");
  for (const char* wrong : {"", "h", "h:99999", "h:1, h:2"})
    EXPECT_NE(what(wrong, 7).find("field `bootstrap` must be host:port,host:port"), std::string::npos) << wrong;
  for (const nlohmann::json& wrong :
       {nlohmann::json(-1), nlohmann::json("-1"), nlohmann::json(""), nlohmann::json(" 1"), nlohmann::json(1.5),
        nlohmann::json("18446744073709551616"), nlohmann::json("1x")})
    EXPECT_NE(what("h:1", wrong).find("field `seed` must be a whole number from 0"), std::string::npos) << wrong;
  EXPECT_EQ(what("h:1", "18446744073709551615"), "none");
}

TEST(run_request, mistakes_are_told_all_at_once) {
  const auto refused = run_request_from(nlohmann::json{{"id", "a/b"}, {"seed", -1}, {"bootstrap", 5}, {"sed", 1}});
  ASSERT_TRUE(refused.has_error());
  for (const char* field : {"`id`", "`scenario`", "`seed`", "`bootstrap`", "`sed`"})
    EXPECT_NE(refused.error().what.find(field), std::string::npos) << refused.error().what;
}

TEST(run_request, json_is_read_back_to_the_same) {
  auto asked = request();
  asked.seed = 0xffffffffffffffffULL;
  const auto again = run_request_from(to_json(asked));
  ASSERT_TRUE(again.has_value()) << again.error().what;
  EXPECT_EQ(to_json(*again), to_json(asked));
}

}  // namespace
}  // namespace coordinator
