#include "tests/unit/coordinator/fake_agent.h"

#include <cstdio>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/base/clock.h"
#include "common/protocol/agent_info.h"
#include "workloads/evidence/crc32c.h"
#include "workloads/evidence/segment_writer.h"

namespace coordinator::faked {

namespace evidence = workloads::evidence;
using common::http::error_response;
using common::http::json_response;
using nlohmann::json;

namespace {

bool is_fault(const std::string& kind) {
  return kind == "kill" || kind == "stop" || kind == "pause" || kind == "restart";
}

common::base::Error unknown_task() {
  return common::base::fail(common::base::ErrorKind::not_found, "no such task");
}

}  // namespace

FakeAgent::FakeAgent(std::string folder, Behaviour behaviour)
    : folder_(std::move(folder)), behaviour_(std::move(behaviour)) {
  listen();
}

FakeAgent::~FakeAgent() {
  if (server_) server_->stop();
}

void FakeAgent::listen() {
  common::http::ServerOptions options;
  options.port = port_;
  auto started = common::http::Server::start(options, routes());
  ASSERT_TRUE(started.has_value()) << started.error().what;
  server_ = std::move(*started);
  port_ = server_->port();
}

std::string FakeAgent::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

void FakeAgent::go_away() {
  server_->stop();
  server_.reset();
}

void FakeAgent::come_back() {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, task] : tasks_)
      if (!task.status.ended()) finish(task, is_fault(task.request.kind) ? "done" : "lost");
  }
  listen();
}

void FakeAgent::bend(const std::function<void(Behaviour&)>& how) {
  const std::lock_guard lock(mutex_);
  how(behaviour_);
}

std::vector<std::string> FakeAgent::created() const {
  const std::lock_guard lock(mutex_);
  return created_;
}

std::vector<std::string> FakeAgent::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

std::vector<std::string> FakeAgent::happened() const {
  const std::lock_guard lock(mutex_);
  return happened_;
}

int FakeAgent::leases(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find(id);
  return found == tasks_.end() ? -1 : found->second.leases;
}

int FakeAgent::asked(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find(id);
  return found == tasks_.end() ? -1 : found->second.asked;
}

std::string FakeAgent::request(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find(id);
  return found == tasks_.end() ? "" : found->second.body;
}

int FakeAgent::asked_for_cluster() const {
  const std::lock_guard lock(mutex_);
  return asked_for_cluster_;
}

std::size_t FakeAgent::running() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [id, task] : tasks_) count += task.status.ended() ? 0 : 1;
  return count;
}

std::vector<common::http::Route> FakeAgent::routes() {
  const auto bound = [this](Response (FakeAgent::*handler)(const Request&)) {
    return [this, handler](const Request& request) {
      const std::lock_guard lock(mutex_);
      return (this->*handler)(request);
    };
  };
  const auto clock = [](const Request&) {
    const auto now = common::base::steady_now();
    return json_response(json{{"t_receive", now}, {"t_send", common::base::steady_now()}}.dump());
  };
  return {{"GET", "/v1/info", bound(&FakeAgent::info), "who"},
          {"GET", "/v1/clock", clock, "time"},
          {"POST", "/v1/cluster", bound(&FakeAgent::cluster), "cluster"},
          {"POST", "/v1/tasks", bound(&FakeAgent::create), "create"},
          {"GET", "/v1/tasks/{id}", bound(&FakeAgent::status), "status"},
          {"POST", "/v1/tasks/{id}/stop", bound(&FakeAgent::stop), "stop"},
          {"POST", "/v1/tasks/{id}/lease", bound(&FakeAgent::lease), "lease"},
          {"POST", "/v1/tasks/{id}/events", bound(&FakeAgent::happen), "events"},
          {"GET", "/v1/tasks/{id}/evidence?offset&limit", bound(&FakeAgent::evidence), "evidence"}};
}

FakeAgent::Response FakeAgent::info(const Request&) {
  common::protocol::AgentInfo info;
  info.name = behaviour_.name;
  info.host = common::base::host_name();
  info.version = "0";
  info.librdkafka = "0";
  info.cluster_id = behaviour_.told_cluster;
  for (const int node : {1, 2, 3}) info.services.push_back({"broker-" + std::to_string(node), node, "h:1", false});
  info.workloads = {"produce", "consume", "audit", "observe", "topics"};
  info.faults = behaviour_.faults;
  return json_response(to_json(info).dump());
}

FakeAgent::Response FakeAgent::cluster(const Request&) {
  ++asked_for_cluster_;
  return json_response(json{{"cluster_id", "fake-cluster"}, {"brokers", {1, 2, 3}}}.dump());
}

FakeAgent::Response FakeAgent::create(const Request& request) {
  const auto body = common::base::parse_json(request.body);
  if (body.has_error()) return error_response(body.error());
  auto asked = common::protocol::task_request_from(*body);
  if (asked.has_error()) return error_response(asked.error());
  if (asked->kind == behaviour_.refuse_kind)
    return error_response(common::base::fail(common::base::ErrorKind::forbidden, "not allowed here"));
  const auto [found, is_new] = tasks_.try_emplace(asked->id);
  Task& task = found->second;
  if (!is_new && !(task.request == *asked))
    return error_response(common::base::fail(common::base::ErrorKind::conflict, "another body"));
  if (is_new) {
    created_.push_back(asked->id);
    task.request = *asked;
    task.body = request.body;
    task.status.id = asked->id;
    task.status.run = asked->run;
    task.status.kind = asked->kind;
    task.status.state = is_fault(asked->kind) ? "injecting" : "running";
    if (asked->kind == "topics") finish(task, "done");
  }
  return json_response(to_json(task.status).dump());
}

void FakeAgent::step(Task& task) {
  ++task.asked;
  if (task.status.ended()) return;
  const std::string& kind = task.request.kind;
  if (kind == behaviour_.fail_kind) return finish(task, "failed");
  if (is_fault(kind)) {
    task.status.state = "active";
    if (task.stopped || (!behaviour_.faults_last && task.asked > 2))
      finish(task, behaviour_.revert_fails ? "revert_failed" : "done");
    return;
  }
  task.status.progress = progress(task);
  task.status.progress["events"] = task.events;
  if (task.stopped || kind == "audit") finish(task, "done");
}

FakeAgent::Response FakeAgent::status(const Request& request) {
  const auto found = tasks_.find(request.params.at("id"));
  if (found == tasks_.end()) return error_response(unknown_task());
  step(found->second);
  return json_response(to_json(found->second.status).dump());
}

FakeAgent::Response FakeAgent::stop(const Request& request) {
  const auto found = tasks_.find(request.params.at("id"));
  if (found == tasks_.end()) return error_response(unknown_task());
  if (!found->second.stopped) stopped_.push_back(found->first);
  found->second.stopped = true;
  return json_response(to_json(found->second.status).dump());
}

FakeAgent::Response FakeAgent::lease(const Request& request) {
  const auto found = tasks_.find(request.params.at("id"));
  if (found == tasks_.end()) return error_response(unknown_task());
  ++found->second.leases;
  return json_response("{}");
}

// An event is over as soon as it is asked for.
FakeAgent::Response FakeAgent::happen(const Request& request) {
  const auto found = tasks_.find(request.params.at("id"));
  if (found == tasks_.end()) return error_response(unknown_task());
  if (behaviour_.refuse_events)
    return error_response(common::base::fail(common::base::ErrorKind::conflict, "nothing happens here"));
  const auto body = common::base::parse_json(request.body);
  if (body.has_error()) return error_response(body.error());
  happened_.push_back(found->first + " " + (*body)["event"].get<std::string>());
  found->second.events[(*body)["id"].get<std::string>()] = "over";
  auto response = json_response(to_json(found->second.status).dump());
  constexpr std::size_t kBeyondAnyHeader = 16 << 10;
  if (behaviour_.answer_events_badly) response.headers.emplace_back("X-Noise", std::string(kBeyondAnyHeader, 'x'));
  return response;
}

void FakeAgent::finish(Task& task, const std::string& state) {
  task.status.progress = progress(task);
  write_evidence(task);
  task.status.state = state;
  task.status.error = state == "done" ? "" : "as the test wanted it";
  task.status.evidence_complete = true;
}

nlohmann::json FakeAgent::progress(const Task& task) const {
  const std::string& kind = task.request.kind;
  if (kind == "topics") {
    const json facts{{"partitions", 1},
                     {"replication_factor", 3},
                     {"min_insync_replicas", 2},
                     {"unclean_leader_election", false},
                     {"cleanup_policy", "delete"}};
    json topics = json::object();
    for (const auto& topic : task.request.spec.value("topics", json::array()))
      topics[topic["name"].get<std::string>()] = facts;
    return {{"topics", topics}, {"cluster_id", "fake-cluster"}};
  }
  if (kind == "produce") return {{"sent", 10}, {"acked", 10}, {"in_flight", 0}};
  if (kind == "transact")
    return {{"sent", 10}, {"acked", 10}, {"ready", true}, {"assigned", {{"0", behaviour_.position}}}};
  if (kind == "consume") return {{"delivered", 10}, {"ready", true}, {"assigned", {{"0", behaviour_.position}}}};
  if (kind != "observe") return json::object();
  const std::int64_t asked = behaviour_.end_asked_at > 0 ? behaviour_.end_asked_at : common::base::steady_now();
  const json partition{{"leader", behaviour_.leader}, {"epoch", 1},     {"isr", behaviour_.isr},
                       {"replicas", {1, 2, 3}},       {"log_start", 0}, {"end", behaviour_.end},
                       {"end_asked_at", asked}};
  json partitions = json::object();
  for (const auto& topic : task.request.spec["topics"]) partitions[topic.get<std::string>() + "-0"] = partition;
  return {{"at", common::base::steady_now()},
          {"cluster_id", "fake-cluster"},
          {"controller", 3},
          {"brokers", {1, 2, 3}},
          {"partitions", partitions}};
}

void FakeAgent::write_evidence(const Task& task) const {
  auto writer = evidence::SegmentWriter::create(file(task));
  ASSERT_TRUE(writer.has_value()) << writer.error().what;
  auto& names = (*writer)->names();
  const evidence::Partition where{names.intern("orders"), 0};
  const evidence::Id actor = names.intern(task.request.id);
  if (task.request.kind == "produce") {
    (*writer)->add(evidence::ProducerInfo{actor, names.intern("h")});
    (*writer)->add(evidence::Send{actor, where, 0, 10});
    (*writer)->add(evidence::Ack{actor, where, 0, 0, 10});
  }
  if (is_fault(task.request.kind)) {
    const evidence::Id kind = names.intern(task.request.kind);
    for (const auto state : {evidence::FaultState::active, evidence::FaultState::reverted})
      (*writer)->add(evidence::Fault{actor, kind, kind, state, 1, names.intern("h"), evidence::kNoId});
  }
  if (is_fault(task.request.kind) && behaviour_.corrupt_read) {
    const evidence::Id reader = names.intern("witness");
    (*writer)->add(evidence::ConsumerInfo{reader});
    evidence::Deliver run{reader, where, 0, 1, names.intern("stranger"), 0, where};
    run.intact = false;
    (*writer)->add(run);
  }
  (*writer)->add(evidence::Close{actor, 10, 10, 2});
  const auto closed = (*writer)->close();
  ASSERT_TRUE(closed.has_value()) << closed.error().what;
}

FakeAgent::Response FakeAgent::evidence(const Request& request) {
  const auto found = tasks_.find(request.params.at("id"));
  if (found == tasks_.end()) return error_response(unknown_task());
  std::ifstream stream(file(found->second), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  const auto offset = std::stoul(request.query.at("offset"));
  const auto limit = std::stoul(request.query.at("limit"));
  Response response;
  response.content_type = "application/octet-stream";
  response.body = bytes.substr(offset, limit);
  char crc[9];
  std::snprintf(crc, sizeof crc, "%08x", evidence::crc32c(response.body.data(), response.body.size()));
  if (behaviour_.damaged_pages > 0 && !response.body.empty()) {
    --behaviour_.damaged_pages;
    response.body[response.body.size() / 2] = static_cast<char>(response.body[response.body.size() / 2] ^ 1);
  }
  response.headers = {{"X-Firedrill-Crc32c", crc},
                      {"X-Firedrill-End", std::to_string(bytes.size())},
                      {"X-Firedrill-Complete", found->second.status.evidence_complete ? "true" : "false"}};
  return response;
}

}  // namespace coordinator::faked
