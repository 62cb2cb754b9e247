#include "workloads/topics.h"

#include <algorithm>
#include <functional>
#include <mutex>

#include <nlohmann/json.hpp>

#include "common/protocol/workload_specs.h"
#include "workloads/kafka/admin.h"
#include "workloads/kafka/wakeup.h"

namespace workloads {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using common::protocol::TopicSpec;
using common::protocol::TopicsSpec;

namespace {

constexpr Nanos kConnect = 10 * kSecond;  // a wrong address is told within this, whatever the task's own deadline
constexpr Nanos kPoll = 100 * kMillisecond;

class Topics final : public Workload, private kafka::ClientListener {
 public:
  Topics(TopicsSpec spec, const WorkloadContext& context) : spec_(std::move(spec)), context_(context) {}
  Result<void> run(std::stop_token stop) override;
  nlohmann::json progress() const override;

 private:
  void problem(int, std::string_view, bool) override {}  // what fails says why itself
  Nanos left() const { return deadline_ - context_.clock.now(); }
  Result<void> ensure(kafka::Admin& admin, const TopicSpec& topic, std::stop_token stop);
  Result<void> remove(kafka::Admin& admin, const TopicSpec& topic, std::stop_token stop);
  Result<bool> complete(kafka::Admin& admin, const TopicSpec& topic);
  Result<void> wait_until(std::stop_token stop, const std::string& what, const std::function<Result<bool>()>& holds);
  Result<void> tell(kafka::Admin& admin, const TopicSpec& topic);

  const TopicsSpec spec_;
  const WorkloadContext context_;
  Nanos deadline_ = 0;
  mutable std::mutex mutex_;
  nlohmann::json told_ = {{"topics", nlohmann::json::object()}};
};

// librdkafka's "HOST/bootstrap: Connect to ipv4#ADDRESS failed: WHY (after 0ms in state CONNECT, ...)": WHY.
std::string why(std::string problem) {
  problem.erase(std::min(problem.find(" (after "), problem.size()));
  constexpr std::string_view kFailed = " failed: ";
  if (const auto at = problem.rfind(kFailed); at != std::string::npos) problem.erase(0, at + kFailed.size());
  return problem;
}

Result<void> Topics::run(std::stop_token stop) {
  deadline_ = context_.clock.now() + spec_.deadline_ms * kMillisecond;
  auto conf = kafka::Conf::create(spec_.cluster.bootstrap, spec_.cluster.client);
  if (!conf) return conf.error();
  auto client = kafka::Client::create(kafka::Role::producer, std::move(*conf), *this, nullptr);
  if (!client) return client.error();
  kafka::Admin admin(**client);
  auto cluster = admin.describe_cluster(std::min(kConnect, left()) - kSecond / 2);
  if (!cluster) {
    (*client)->serve();
    const std::string reason = (*client)->last_problem();
    return fail(ErrorKind::infrastructure, "no broker answers at " + spec_.cluster.bootstrap + ": " +
                                               (reason.empty() ? cluster.error().what : why(reason)));
  }
  {
    const std::lock_guard lock(mutex_);
    told_["cluster_id"] = cluster->cluster_id;
  }
  for (const TopicSpec& topic : spec_.topics) {
    auto done = spec_.remove ? remove(admin, topic, stop) : ensure(admin, topic, stop);
    if (!done) return done;
  }
  return {};
}

// Until `holds` or the deadline; an answer that does not come is asked for again.
Result<void> Topics::wait_until(std::stop_token stop, const std::string& what,
                                const std::function<Result<bool>()>& holds) {
  kafka::Wakeup pause;
  const std::stop_callback wake(stop, [&pause] { pause.signal(); });
  std::string last = "not so yet";
  while (left() > 0 && !stop.stop_requested()) {
    auto held = holds();
    if (held && *held) return {};
    if (!held && held.error().kind == ErrorKind::conflict) return held.error();
    if (!held) last = held.error().what;
    pause.wait_until(std::min(deadline_, context_.clock.now() + kPoll));
  }
  if (stop.stop_requested()) return fail(ErrorKind::timeout, what + ": stopped before it was so");
  return fail(ErrorKind::timeout, what + ": not within " + std::to_string(spec_.deadline_ms) + " ms (" + last + ")");
}

Result<bool> Topics::complete(kafka::Admin& admin, const TopicSpec& topic) {
  auto states = admin.describe_topics({topic.name}, std::clamp(left(), kMillisecond, 5 * kSecond));
  if (!states) return states.error();
  if (states->size() != 1 || states->front().error != 0) return false;
  const auto& partitions = states->front().partitions;
  if (partitions.empty()) return false;
  const auto wrong = [&topic](const std::string& what, std::size_t is, std::int64_t wanted) {
    return fail(ErrorKind::conflict, "topic `" + topic.name + "` exists with " + what + " " + std::to_string(is) +
                                         ", not " + std::to_string(wanted));
  };
  if (static_cast<std::int64_t>(partitions.size()) != topic.partitions)
    return wrong("partitions", partitions.size(), topic.partitions);
  bool in_sync = true;
  for (const kafka::PartitionState& partition : partitions) {
    if (static_cast<std::int64_t>(partition.replicas.size()) != topic.replication_factor)
      return wrong("replication_factor", partition.replicas.size(), topic.replication_factor);
    in_sync = in_sync && partition.leader >= 0 && partition.isr.size() == partition.replicas.size();
  }
  return in_sync;
}

Result<void> Topics::ensure(kafka::Admin& admin, const TopicSpec& topic, std::stop_token stop) {
  auto created = admin.create_topic(topic.name, static_cast<std::int32_t>(topic.partitions),
                                    static_cast<std::int32_t>(topic.replication_factor), topic.config,
                                    std::clamp(left(), kMillisecond, 20 * kSecond));
  // It exists, or the answer was lost after the topic had been made: what stands there decides.
  if (!created && created.error().kind != ErrorKind::conflict && created.error().kind != ErrorKind::timeout)
    return created;
  auto whole = wait_until(stop, "topic `" + topic.name + "` with a leader and every replica in sync",
                          [&] { return complete(admin, topic); });
  if (!whole) return whole;
  // The broker that is asked may not have heard of a new topic yet.
  return wait_until(stop, "the configuration of topic `" + topic.name + "`", [&]() -> Result<bool> {
    auto told = tell(admin, topic);
    if (!told) return told.error();
    return true;
  });
}

Result<void> Topics::tell(kafka::Admin& admin, const TopicSpec& topic) {
  auto config = admin.topic_config(topic.name, std::clamp(left(), kMillisecond, 10 * kSecond));
  if (!config) return config.error();
  for (const auto& [name, wanted] : topic.config)
    if (const auto it = config->find(name); it != config->end() && it->second != wanted)
      return fail(ErrorKind::conflict,
                  "topic `" + topic.name + "` exists with " + name + " " + it->second + ", not " + wanted);
  const std::lock_guard lock(mutex_);
  told_["topics"][topic.name] = {{"partitions", topic.partitions},
                                 {"replication_factor", topic.replication_factor},
                                 {"min_insync_replicas", std::atoll((*config)["min.insync.replicas"].c_str())},
                                 {"unclean_leader_election", (*config)["unclean.leader.election.enable"] == "true"},
                                 {"cleanup_policy", (*config)["cleanup.policy"]}};
  return {};
}

Result<void> Topics::remove(kafka::Admin& admin, const TopicSpec& topic, std::stop_token stop) {
  auto deleted = admin.delete_topic(topic.name, std::clamp(left(), kMillisecond, 20 * kSecond));
  if (!deleted && deleted.error().kind != ErrorKind::not_found && deleted.error().kind != ErrorKind::timeout)
    return deleted;
  return wait_until(stop, "topic `" + topic.name + "` gone", [&]() -> Result<bool> {
    auto states = admin.describe_topics({topic.name}, std::clamp(left(), kMillisecond, 5 * kSecond));
    if (!states) return states.error();
    return states->size() == 1 && states->front().error != 0;
  });
}

nlohmann::json Topics::progress() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

}  // namespace

Result<std::unique_ptr<Workload>> make_topics(const nlohmann::json& spec, const WorkloadContext& context) {
  auto parsed = common::protocol::topics_spec_from(spec);
  if (!parsed) return parsed.error();
  return std::unique_ptr<Workload>(std::make_unique<Topics>(std::move(*parsed), context));
}

}  // namespace workloads
