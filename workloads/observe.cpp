#include "workloads/observe.h"

#include <algorithm>
#include <functional>
#include <set>
#include <thread>

#include <nlohmann/json.hpp>

#include "common/protocol/workload_specs.h"
#include "workloads/cluster_view.h"
#include "workloads/kafka/cluster_questions.h"
#include "workloads/leader_watch.h"
#include "workloads/repeat.h"

namespace workloads {

using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using common::protocol::ObserveSpec;
using kafka::Admin;
using kafka::BrokerAddress;
using kafka::OffsetPoint;

namespace {

constexpr Nanos kAnswer = kSecond;       // what no broker says within this was not said
constexpr Nanos kLastLag = 5 * kSecond;  // of all groups together, when the observer ends

// Each question has a thread and a pace of its own: a leader that does not answer for its offsets must not delay the
// news of who leads.
class Observe final : public Workload, private kafka::ClientListener {
 public:
  Observe(ObserveSpec spec, const WorkloadContext& context)
      : spec_(std::move(spec)), context_(context), view_(context_.evidence, context_.host, context_.task) {}
  Result<void> run(std::stop_token stop) override;
  nlohmann::json progress() const override { return view_.progress(); }

 private:
  void problem(int, std::string_view, bool) override {}  // failed polls are counted
  Nanos now() const { return context_.clock.now(); }
  void ask_cluster(Admin& admin, LeaderWatch& watch);
  void ask_topics(Admin& admin, const LeaderWatch& watch);
  void ask_offsets(Admin& admin);
  void ask_controller();
  void ask_groups(const std::stop_token& stop);
  void ask_transactions(const std::stop_token& stop);
  void ask_lag(const std::stop_token& stop, Nanos deadline);
  std::int32_t after(std::int32_t broker) const;
  template <typename Answer>
  Result<Answer> ask_any(std::size_t& turn, const std::function<Result<Answer>(const BrokerAddress&)>& ask);
  Result<void> open_readers();

  const ObserveSpec spec_;
  const WorkloadContext context_;
  ClusterView view_;
  std::int32_t cluster_broker_ = Admin::kLibrarysChoice;  // whom the brokers' thread asks ..
  std::int32_t topics_broker_ = Admin::kLibrarysChoice;   // .. and the topics'
  Nanos starts_at_ = 0;                                   // of the offsets' thread: when log starts are asked for next
  std::size_t controller_turn_ = 0;                       // which broker is asked: of the controller's thread ..
  std::size_t group_turn_ = 0;                            // .. of the groups' ..
  std::size_t transactions_turn_ = 0;                     // .. and of the transactions'
  std::map<std::string, std::unique_ptr<kafka::Client>> readers_;  // of the lag's thread, by group
};

Result<void> Observe::run(std::stop_token stop) {
  auto conf = kafka::Conf::create(spec_.cluster.bootstrap, spec_.cluster.client);
  if (!conf) return conf.error();
  auto client = kafka::Client::create(kafka::Role::producer, std::move(*conf), *this, nullptr);
  if (!client) return client.error();
  if (auto opened = open_readers(); !opened) return opened;
  Admin admin(**client);
  const Nanos interval = spec_.interval_ms * kMillisecond;
  Result<void> flushed;
  {
    LeaderWatch watch(spec_.topics, interval, context_.clock, view_);
    const auto thread = [&](Nanos pace, std::function<void()> ask) {
      return std::jthread([stop, pace, ask = std::move(ask)] { repeat(stop, 0, pace, ask); });
    };
    const std::jthread threads[] = {
        thread(kSecond, [&] { ask_cluster(admin, watch); }),
        thread(interval, [&] { ask_topics(admin, watch); }),
        thread(interval, [&] { ask_offsets(admin); }),
        thread(interval, [&] { ask_controller(); }),
        thread(interval, [&, stop] { ask_groups(stop); }),
        thread(kSecond, [&, stop] { ask_transactions(stop); }),
        thread(std::max(interval, kSecond), [&, stop] { ask_lag(stop, INT64_MAX); }),
    };
    repeat(stop, 0, kFlush, [&] {
      (*client)->serve();
      if (auto result = view_.flush(); !result && flushed) flushed = result;
    });
  }
  ask_lag({}, now() + kLastLag);  // groups commit last when their readers are stopped, which is just before us
  view_.close(now());
  if (auto last = view_.flush(); !last) return last;
  return flushed;
}

void Observe::ask_cluster(Admin& admin, LeaderWatch& watch) {
  auto cluster = admin.describe_cluster(kAnswer, cluster_broker_);
  if (cluster) {
    view_.tell(*cluster);
    watch.include(cluster->brokers);
  } else {
    cluster_broker_ = after(cluster_broker_);
  }
  view_.polled(cluster.has_value(), now());
}

// librdkafka left to itself asks the broker that it holds for the controller, also while that one is dead.
std::int32_t Observe::after(std::int32_t broker) const {
  std::set<std::int32_t> ids;
  for (const BrokerAddress& one : view_.brokers()) ids.insert(one.id);
  if (const auto next = ids.upper_bound(broker); next != ids.end()) return *next;
  return ids.empty() ? Admin::kLibrarysChoice : *ids.begin();
}

// Only where no broker answers over a plain connection.
void Observe::ask_topics(Admin& admin, const LeaderWatch& watch) {
  if (spec_.topics.empty() || watch.heard_within(kAnswer)) return;
  auto topics = admin.describe_topics(spec_.topics, kAnswer, topics_broker_);
  const Nanos at = now();
  if (topics) view_.tell(ClusterView::kLibrary, *topics, at);
  if (!topics) topics_broker_ = after(topics_broker_);
  view_.polled(topics.has_value(), at);
}

void Observe::ask_offsets(Admin& admin) {
  const auto partitions = view_.partitions();
  if (partitions.empty()) return;
  const Nanos asked = now();
  auto ends = admin.list_offsets(partitions, OffsetPoint::end, false, kAnswer);
  if (ends) view_.tell_ends(*ends, asked, now());
  view_.polled(ends.has_value(), now());
  if (now() < starts_at_) return;
  starts_at_ = now() + kSecond;
  auto starts = admin.list_offsets(partitions, OffsetPoint::log_start, false, kAnswer);
  if (starts) view_.tell_starts(*starts, now());
  view_.polled(starts.has_value(), now());
}

// Any broker knows; one that is down or frozen leaves the question to the next.
template <typename Answer>
Result<Answer> Observe::ask_any(std::size_t& turn, const std::function<Result<Answer>(const BrokerAddress&)>& ask) {
  const auto brokers = view_.brokers();
  Result<Answer> answer = common::base::fail(common::base::ErrorKind::infrastructure, "no broker is known yet");
  for (std::size_t i = 0; i < brokers.size(); ++i, ++turn) {
    answer = ask(brokers[turn % brokers.size()]);
    if (answer) break;
  }
  view_.polled(answer.has_value(), now());
  return answer;
}

void Observe::ask_controller() {
  auto leader = ask_any<kafka::QuorumLeader>(controller_turn_, [](const BrokerAddress& broker) {
    return kafka::quorum_leader(broker.host, broker.port, kAnswer / 2);
  });
  view_.tell_controller(leader ? leader->controller : -1, now());
}

void Observe::ask_groups(const std::stop_token& stop) {
  for (const std::string& group : spec_.groups) {
    if (stop.stop_requested()) return;
    auto coordinator = ask_any<kafka::Coordinator>(group_turn_, [&group](const BrokerAddress& broker) {
      return kafka::coordinator_of(group, broker.host, broker.port, kAnswer / 2);
    });
    view_.tell_coordinator(group, coordinator ? coordinator->id : -1, now());
    if (!coordinator) continue;
    auto state = kafka::group_state(group, *coordinator, kAnswer);
    if (state) view_.tell_state(group, *state);
    view_.polled(state.has_value(), now());
  }
}

void Observe::ask_transactions(const std::stop_token& stop) {
  for (const std::string& id : spec_.transactional_ids) {
    if (stop.stop_requested()) return;
    auto coordinator = ask_any<kafka::Coordinator>(transactions_turn_, [&id](const BrokerAddress& broker) {
      return kafka::coordinator_of_transactions(id, broker.host, broker.port, kAnswer / 2);
    });
    view_.tell_transactions(id, coordinator ? coordinator->id : -1, now());
  }
}

// One group after the other, and none any more when `stop` asks or the deadline is over.
void Observe::ask_lag(const std::stop_token& stop, Nanos deadline) {
  const auto partitions = view_.partitions();
  if (partitions.empty()) return;
  for (const auto& [group, client] : readers_) {
    const Nanos timeout = std::min(2 * kAnswer, deadline - now());
    if (stop.stop_requested() || timeout <= 0) return;
    auto read = partitions;
    if (const auto topic = spec_.reads.find(group); topic != spec_.reads.end())
      std::erase_if(read, [&topic](const kafka::TopicPartition& where) { return where.topic != topic->second; });
    auto committed = Admin(*client).committed(read, timeout);
    if (committed) view_.tell_committed(group, *committed, now());
    view_.polled(committed.has_value(), now());
    client->serve();
  }
}

// One client per group that never joins it: what was committed is told to a consumer of that name.
Result<void> Observe::open_readers() {
  for (const std::string& group : spec_.groups) {
    auto conf = kafka::Conf::create(spec_.cluster.bootstrap, spec_.cluster.client);
    if (!conf) return conf.error();
    if (auto set = conf->set({{"group.id", group}, {"enable.auto.commit", "false"}}); !set) return set;
    auto client = kafka::Client::create(kafka::Role::consumer, std::move(*conf), *this, nullptr);
    if (!client) return client.error();
    readers_[group] = std::move(*client);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Workload>> make_observe(const nlohmann::json& spec, const WorkloadContext& context) {
  auto parsed = common::protocol::observe_spec_from(spec);
  if (!parsed) return parsed.error();
  return std::unique_ptr<Workload>(std::make_unique<Observe>(std::move(*parsed), context));
}

}  // namespace workloads
