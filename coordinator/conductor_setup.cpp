// The beginning of a run: topics, observer, consumers that are ready, then producers.
#include <set>

#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "common/protocol/workload_specs.h"
#include "coordinator/conductor.h"
#include "coordinator/run_names.h"

namespace coordinator {

using nlohmann::json;

namespace {

constexpr std::chrono::minutes kOrphan{10};  // how long producers outlive a coordinator that never comes back

std::int64_t integer(const json& object, const char* name, std::int64_t otherwise) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

// progress of a `topics` task that is done (common/protocol/workload_specs.h)
std::vector<TopicFacts> topic_facts(const json& progress) {
  std::vector<TopicFacts> all;
  const auto topics = progress.find("topics");
  if (topics == progress.end() || !topics->is_object()) return all;
  for (const auto& [name, told] : topics->items()) {
    if (!told.is_object()) continue;
    TopicFacts facts;
    facts.name = name;
    facts.partitions = integer(told, "partitions", facts.partitions);
    facts.replication_factor = integer(told, "replication_factor", facts.replication_factor);
    facts.min_insync_replicas = integer(told, "min_insync_replicas", facts.min_insync_replicas);
    const auto unclean = told.find("unclean_leader_election");
    facts.unclean_leader_election = unclean != told.end() && unclean->is_boolean() && unclean->get<bool>();
    const auto policy = told.find("cleanup_policy");
    facts.compact = policy != told.end() && policy->is_string() && policy->get<std::string>().find("compact") == 0;
    all.push_back(facts);
  }
  return all;
}

}  // namespace

bool Conductor::prepare() {
  auto& evidence = record_->evidence();
  evidence.run(setup_.plan.run);
  // The reference of all clocks is ours.
  evidence.clock(record_->state().host, {0, 0});
  const bool ready = prepare_topics() && start_observer() && start_readers() && start_senders();
  waiting_for_.clear();
  return ready;
}

bool Conductor::prepare_topics() {
  waiting_for_ = "the topics are there";
  common::protocol::TopicsSpec spec;
  spec.cluster.bootstrap = setup_.bootstrap;
  spec.topics = setup_.plan.topics;
  for (auto& topic : spec.topics) topic.name += suffix_;
  const auto started = tasks_->start(kTopicsTask, main_agent(), "topics", to_json(spec), setup_.timing.ask);
  if (started.has_error()) {
    record_->problem(started.error().what);
    return false;
  }
  const auto waited = wait(setup_.timing.topics, Patience::phases, [&] { return tasks_->ended(kTopicsTask); });
  const auto view = tasks_->view(kTopicsTask);
  if (waited != Waited::held || view.status.state != "done") {
    if (waited == Waited::deadline) record_->problem("topics were not ready in time");
    return false;
  }
  for (const auto& facts : topic_facts(view.status.progress)) {
    record_->evidence().topic(facts);
    min_insync_[facts.name] = facts.min_insync_replicas;
  }
  const auto cluster = view.status.progress.find("cluster_id");
  if (cluster != view.status.progress.end() && cluster->is_string()) record_->state().cluster_id = *cluster;
  return record_->save();
}

bool Conductor::start_observer() {
  waiting_for_ = "the observer sees the cluster";
  common::protocol::ObserveSpec spec;
  spec.cluster.bootstrap = setup_.bootstrap;
  for (const auto& topic : setup_.plan.topics) spec.topics.push_back(topic.name + suffix_);
  std::map<std::string, std::set<std::string>> topics;  // by group
  for (const auto& workload : setup_.plan.workloads) {
    if (!workload.group.empty()) topics[workload.group + suffix_].insert(workload.topic_read() + suffix_);
    if (workload.kind == "transact")
      spec.transactional_ids.push_back(transactional_id_of(setup_.plan.run, workload.task));
  }
  for (const auto& [group, read] : topics) {
    spec.groups.push_back(group);
    if (read.size() == 1) spec.reads[group] = *read.begin();
  }
  const auto started = tasks_->start(kObserveTask, main_agent(), "observe", to_json(spec), setup_.timing.ask);
  if (started.has_error()) {
    record_->problem(started.error().what);
    return false;
  }
  observer_ = kObserveTask;
  const auto waited = wait(setup_.timing.ready, Patience::phases,
                           [&] { return observation_from(tasks_->view(observer_).status.progress).at > 0; });
  if (waited == Waited::deadline) record_->problem("the observer has not seen the cluster in time");
  return waited == Waited::held;
}

std::string Conductor::workload_spec(const scenario::PlannedWorkload& workload) const {
  auto parsed = common::base::parse_json(workload.spec);
  if (parsed.has_error()) return workload.spec;  // the agent refuses it and says where
  json& spec = *parsed;
  spec["cluster"] = json{{"bootstrap", setup_.bootstrap}, {"client", json::object()}};
  spec["topic"] = workload.topic + suffix_;
  if (workload.kind == "transact") spec["transaction"]["id"] = transactional_id_of(setup_.plan.run, workload.task);
  if (workload.processes()) {
    spec["input"]["topic"] = workload.input + suffix_;
    spec["input"]["group"] = workload.group + suffix_;
  } else if (!workload.group.empty()) {
    spec["group"] = workload.group + suffix_;
  }
  if (workload.sends() && integer(spec, "duration_ms", 0) == 0) {
    const auto planned = std::chrono::nanoseconds(longest(setup_.plan)) + setup_.timing.slack + kOrphan;
    spec["duration_ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(planned).count();
  }
  return common::base::json_text(spec);
}

bool Conductor::start_readers() {
  waiting_for_ = "each consumer has its partitions";
  std::vector<std::string> started;
  if (!start_workloads([](const auto& workload) { return workload.reads(); }, started)) return false;
  // A record that is sent before a consumer owns its partition is no test of that consumer.
  const auto waited = wait(setup_.timing.ready, Patience::phases, [&] {
    for (const auto& task : started)
      if (!tasks_->ended(task) && !consume_numbers(tasks_->view(task).status.progress).ready) return false;
    return true;
  });
  if (waited == Waited::deadline) record_->problem("the consumers had no assignment in time");
  return waited == Waited::held;
}

bool Conductor::start_senders() {
  waiting_for_ = "the producers run";
  std::vector<std::string> started;
  return start_workloads([](const auto& workload) { return !workload.reads(); }, started);
}

bool Conductor::start_workloads(const Wanted& wanted, std::vector<std::string>& started) {
  const auto& agents = setup_.fleet.agents();
  std::size_t next = 0;
  for (const auto& workload : setup_.plan.workloads) {
    const auto& agent =
        agents[next++ % agents.size()].info.name;  // the same agent after a restart: it counts all workloads
    if (!wanted(workload)) continue;
    const auto spec = common::base::parse_json(workload_spec(workload));
    if (spec.has_error()) {
      record_->problem("task " + workload.task + ": " + spec.error().what);
      return false;
    }
    const auto status = tasks_->start(workload.task, agent, workload.kind, *spec, setup_.timing.ask);
    if (status.has_error()) {
      record_->problem(status.error().what);
      return false;
    }
    started.push_back(workload.task);
  }
  return true;
}

}  // namespace coordinator
