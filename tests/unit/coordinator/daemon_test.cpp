#include "coordinator/daemon.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/http/client.h"
#include "tests/temporary_folder.h"
#include "tests/unit/coordinator/fake_agent.h"

namespace coordinator {
namespace {

using faked::FakeAgent;
using nlohmann::json;
using tests::TemporaryFolder;
using namespace std::chrono_literals;

constexpr auto kPatience = 30s;

constexpr const char* kScenario =
    "scenario: small\n"
    "topics: [{name: orders, partitions: 1}]\n"
    "workloads:\n"
    "  - {name: writer, kind: produce, topic: orders}\n"
    "  - {name: reader, kind: consume, topic: orders, group: readers}\n"
    "phases:\n"
    "  - name: fault\n"
    "    steps:\n"
    "      - {fault: kill-leader, kind: kill, target: leader of orders-0, for: 1s}\n"
    "      - {hold: surgery, within: 1h}\n"
    "drain: {within: 5s}\n"
    "audit: {within: 5s}\n";

class daemon : public ::testing::Test {
 protected:
  void SetUp() override { start(); }

  void start() {
    DaemonOptions options;
    options.root = root_.path() + "/root";
    options.version = "test";
    options.librdkafka = "2";
    options.timing.session = {5ms, 5ms, 600ms, 1000ms};
    options.timing.evidence = 1000ms;
    options.timing.ask = 3s;
    options.judge = [](const RunDirectory&) -> common::base::Result<report::Report> {
      report::Report made;
      made.names = std::make_shared<workloads::evidence::Names>();
      return made;
    };
    options.preflight.ask_cluster = ask_cluster;
    auto started = Daemon::start(options);
    ASSERT_TRUE(started.has_value()) << started.error().what;
    daemon_ = std::move(*started);
    auto made = common::http::Client::create("http://127.0.0.1:" + std::to_string(daemon_->port()));
    ASSERT_TRUE(made.has_value());
    client_ = std::move(*made);
  }
  json call(const std::string& method, const std::string& path, const std::string& body, int expected) {
    const auto response = client_->call(method, path, body, 10s);
    EXPECT_TRUE(response.has_value()) << path;
    if (!response.has_value()) return {};
    EXPECT_EQ(response->status, expected) << method << " " << path << ": " << response->body;
    return json::parse(response->body, nullptr, false);
  }
  json get(const std::string& path) { return call("GET", path, "", 200); }
  void register_agent() { call("POST", "/v1/agents", json{{"url", agent_.url()}}.dump(), 200); }
  static json request(const std::string& id = "run-1") {
    return {{"id", id}, {"scenario", kScenario}, {"bootstrap", "h:1"}, {"seed", 7}};
  }
  bool eventually(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
  bool holds() {
    return eventually([&] {
      const auto run = get("/v1/runs/run-1");
      return run["live"].is_object() && run["live"]["waiting_for"] == "go surgery";
    });
  }
  bool done() {
    return eventually([&] { return get("/v1/runs/run-1")["state"] == "done"; });
  }

  TemporaryFolder root_;
  TemporaryFolder agent_folder_;
  FakeAgent agent_{agent_folder_.path()};
  std::unique_ptr<Daemon> daemon_;
  std::unique_ptr<common::http::Client> client_;
};

TEST_F(daemon, run_is_created_followed_let_go_and_done) {
  register_agent();
  call("POST", "/v1/runs", request().dump(), 201);
  ASSERT_TRUE(holds());
  call("POST", "/v1/runs/run-1/go/surgery", "{}", 200);
  ASSERT_TRUE(done());
  EXPECT_EQ(get("/v1/runs/run-1")["verdict"], "pass");
  EXPECT_EQ(get("/v1/runs/run-1/report")["verdict"], "pass");
  EXPECT_EQ(get("/v1/runs")["runs"][0]["id"], "run-1");
  const auto events = client_->call("GET", "/v1/runs/run-1/events?from=1", "", 5s);
  ASSERT_TRUE(events.has_value());
  EXPECT_EQ(events->body.find("\"what\":\"running\""), std::string::npos) << "line 0 was not asked for";
  EXPECT_NE(events->body.find("\"what\":\"fault bound\""), std::string::npos);
}

TEST_F(daemon, same_request_again_is_the_same_run_and_another_one_under_its_id_a_conflict) {
  register_agent();
  call("POST", "/v1/runs", request().dump(), 201);
  call("POST", "/v1/runs", request().dump(), 200);
  auto other = request();
  other["seed"] = 8;
  call("POST", "/v1/runs", other.dump(), 409);
}

TEST_F(daemon, scenario_with_mistakes_is_refused_with_all_of_them) {
  register_agent();
  auto wrong = request();
  wrong["scenario"] = std::string(kScenario) + "expectt: []\nvalid_iff: []\n";
  const auto refused = call("POST", "/v1/runs", wrong.dump(), 400);
  const std::string what = refused["error"]["what"];
  EXPECT_NE(what.find("scenario:13:1"), std::string::npos) << what;
  EXPECT_NE(what.find("`valid_iff`"), std::string::npos) << what;
}

TEST_F(daemon, request_that_cannot_be_carried_out_is_refused_and_leaves_no_run) {
  agent_.bend([](auto& b) { b.faults = {"pause"}; });
  register_agent();
  const auto error = [&](const json& body) {
    return call("POST", "/v1/runs", body.dump(), 400)["error"]["what"].get<std::string>();
  };
  const std::string not_allowed = error(request());
  EXPECT_NE(not_allowed.find("scenario:9:36: the fault `kill` is not allowed"), std::string::npos) << not_allowed;
  EXPECT_EQ(agent_.asked_for_cluster(), 0);
  agent_.bend([](auto& b) {
    b.faults = {"kill"};
    b.told_cluster = "another";
  });
  register_agent();
  EXPECT_NE(error(request()).find("told the cluster another"), std::string::npos);
  agent_.bend([](auto& b) { b.told_cluster = "fake-cluster"; });
  register_agent();
  auto four = request();
  four["scenario"] =
      std::string(kScenario).replace(std::string(kScenario).find("partitions: 1"), 13, "replication_factor: 4");
  EXPECT_NE(error(four).find("scenario:2:45: `replication_factor` 4"), std::string::npos);
  auto nowhere = request();
  nowhere["bootstrap"] = "h:99999";
  EXPECT_NE(error(nowhere).find("`bootstrap`"), std::string::npos);
  EXPECT_TRUE(get("/v1/runs")["runs"].empty());
  EXPECT_TRUE(agent_.created().empty());
  EXPECT_EQ(agent_.asked_for_cluster(), 2);
}

TEST_F(daemon, what_is_not_there_is_404_and_what_cannot_be_is_409) {
  call("GET", "/v1/runs/none", "", 404);
  call("POST", "/v1/runs/none/stop", "{}", 404);
  call("GET", "/v1/runs/none/report", "", 404);
  call("POST", "/v1/runs", request().dump(), 409);  // no agent
  call("POST", "/v1/agents", R"({"ulr": "x"})", 400);
}

TEST_F(daemon, agent_that_cannot_be_reached_is_502_and_named) {
  const auto refused = call("POST", "/v1/agents", R"({"url": "http://127.0.0.1:1"})", 502);
  EXPECT_EQ(refused["error"]["kind"], "unreachable");
  const std::string what = refused["error"]["what"];
  EXPECT_NE(what.find("no agent answers at http://127.0.0.1:1: "), std::string::npos) << what;
  // Something answers there, but it is no agent.
  const std::string ours = "http://127.0.0.1:" + std::to_string(daemon_->port());
  call("POST", "/v1/agents", json{{"url", ours}}.dump(), 502);
  call("POST", "/v1/agents", R"({"url": "https://127.0.0.1:1"})", 400);
  EXPECT_EQ(get("/v1/agents")["agents"], json::array());
}

TEST_F(daemon, api_refuses_what_it_does_not_know) {
  const std::string query = call("GET", "/v1/runs?state=done", "", 400)["error"]["what"];
  EXPECT_EQ(query, "query parameter `state` is unknown; GET /v1/runs knows none");
  const std::string path = call("GET", "/v1/rnus", "", 404)["error"]["what"];
  EXPECT_EQ(path, "no such path: /v1/rnus (did you mean /v1/runs?); GET /v1/openapi.json names all of them");
  const auto deleted = client_->call("DELETE", "/v1/runs", "", 5s);
  ASSERT_TRUE(deleted.has_value());
  EXPECT_EQ(deleted->status, 405);
  const std::pair<std::string, std::string> allow{"Allow", "GET, HEAD, POST"};
  EXPECT_EQ(std::count(deleted->headers.begin(), deleted->headers.end(), allow), 1);
  call("POST", "/v1/runs", std::string(9 << 20, ' '), 413);
  EXPECT_EQ(get("/v1/version"), json({{"role", "coordinator"}, {"version", "test"}, {"librdkafka", "2"}}));
  const auto report = get("/v1/openapi.json")["paths"]["/v1/runs/{id}/report"]["get"]["parameters"];
  ASSERT_EQ(report.size(), 3U) << report;
  EXPECT_EQ(report[1]["name"], "all");
  EXPECT_EQ(report[1]["in"], "query");
}

TEST_F(daemon, damaged_run_is_told_and_not_gone) {
  register_agent();
  call("POST", "/v1/runs", request().dump(), 201);
  ASSERT_TRUE(holds());
  call("POST", "/v1/runs/run-1/go/surgery", "{}", 200);
  ASSERT_TRUE(done());
  const std::string folder = root_.path() + "/root" + "/run-1";
  std::ofstream(folder + "/report.json") << "{\"verdict\": ";
  ASSERT_TRUE(eventually([&] { return get("/v1/runs/run-1")["damage"].is_string(); }));
  EXPECT_EQ(get("/v1/runs/run-1")["state"], "done");
  call("GET", "/v1/runs/run-1/report", "", 409);

  std::ofstream(folder + "/run.json") << "{\"run\": \"run-1\", \"state\": 7}";
  const auto brief = get("/v1/runs")["runs"];
  ASSERT_EQ(brief.size(), 1U);
  EXPECT_EQ(brief[0]["id"], "run-1");
  EXPECT_EQ(brief[0]["state"], "damaged");
  const std::string damage = get("/v1/runs/run-1")["damage"];
  for (const char* part : {"run-1/run.json", "`state`", "`phase`"})
    EXPECT_NE(damage.find(part), std::string::npos) << damage;
  EXPECT_EQ(call("POST", "/v1/runs/run-1/stop", "{}", 200)["state"], "damaged");
  call("POST", "/v1/runs/run-1/go/surgery", "{}", 409);
  call("GET", "/v1/runs/run-1/report?format=text", "", 409);

  std::ofstream(folder + "/request.json") << "[]";
  const std::string again = call("POST", "/v1/runs", request().dump(), 409)["error"]["what"];
  EXPECT_NE(again.find("run-1/request.json"), std::string::npos) << again;
  std::filesystem::remove_all(folder + "/evidence");
  EXPECT_EQ(get("/v1/runs/run-1")["state"], "damaged");
  call("GET", "/v1/runs/run-1/events", "", 409);
}

TEST_F(daemon, run_that_cannot_be_continued_says_why) {
  register_agent();
  call("POST", "/v1/runs", request().dump(), 201);
  ASSERT_TRUE(holds());
  ASSERT_TRUE(daemon_->stop().has_value());
  daemon_.reset();
  std::ofstream(root_.path() + "/root" + "/run-1/plan.json") << "{";
  start();
  const auto run = get("/v1/runs/run-1");
  EXPECT_EQ(run["state"], "running");
  const std::string damage = run["damage"];
  EXPECT_NE(damage.find("nobody conducts it: "), std::string::npos) << damage;
  EXPECT_NE(damage.find("run-1/plan.json"), std::string::npos) << damage;
}

TEST_F(daemon, openapi_names_every_route) {
  const auto document = get("/v1/openapi.json");
  for (const char* path : {"/v1/runs", "/v1/runs/{id}/events", "/v1/runs/{id}/go/{hold}", "/v1/agents"})
    EXPECT_TRUE(document["paths"].contains(path)) << path;
}

TEST_F(daemon, stop_reverts_drains_and_judges) {
  register_agent();
  call("POST", "/v1/runs", request().dump(), 201);
  ASSERT_TRUE(holds());
  call("POST", "/v1/runs/run-1/stop", "{}", 200);
  ASSERT_TRUE(done());
  EXPECT_TRUE(get("/v1/runs/run-1")["aborted"]);
}

TEST_F(daemon, graceful_stop_reverts_the_faults_and_the_next_start_continues) {
  agent_.bend([](auto& b) { b.faults_last = true; });
  register_agent();
  call("POST", "/v1/runs", request().dump(), 201);
  ASSERT_TRUE(eventually([&] { return agent_.leases("run-1.fault.kill-leader") >= 0; }));
  ASSERT_TRUE(daemon_->stop().has_value());
  EXPECT_EQ(agent_.stopped(), std::vector<std::string>{"run-1.fault.kill-leader"});
  daemon_.reset();
  start();
  ASSERT_TRUE(holds());
  call("POST", "/v1/runs/run-1/go/surgery", "{}", 200);
  ASSERT_TRUE(done());
  EXPECT_EQ(get("/v1/runs/run-1")["infrastructure"], json::array());
}

TEST_F(daemon, agent_that_comes_back_after_the_verdict_still_counts) {
  register_agent();
  call("POST", "/v1/runs", request().dump(), 201);
  ASSERT_TRUE(holds());
  agent_.go_away();
  ASSERT_TRUE(done());
  EXPECT_FALSE(get("/v1/runs/run-1")["tasks"]["writer"]["evidence_complete"]);
  ASSERT_TRUE(eventually([&] { return !get("/v1/agents")["agents"][0]["answers"]; }));
  agent_.come_back();
  ASSERT_TRUE(eventually([&] {
    const auto run = get("/v1/runs/run-1");
    return run["state"] == "done" && run["tasks"]["writer"]["evidence_complete"];
  }));
  EXPECT_FALSE(get("/v1/runs/run-1")["infrastructure"].empty());
}

TEST_F(daemon, second_daemon_on_the_same_root_is_refused) {
  DaemonOptions options;
  options.root = root_.path() + "/root";
  const auto second = Daemon::start(options);
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().kind, common::base::ErrorKind::conflict);
}

}  // namespace
}  // namespace coordinator
