#include "workloads/observe.h"

#include <algorithm>
#include <functional>
#include <thread>

#include <nlohmann/json.hpp>

#include "common/protocol/workload_specs.h"
#include "workloads/cluster_view.h"
#include "workloads/kafka/raw_protocol.h"
#include "workloads/kafka/wakeup.h"

namespace workloads {

using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using common::protocol::ObserveSpec;
using kafka::Admin;
using kafka::OffsetPoint;

namespace {

constexpr Nanos kAnswer = kSecond;  // what no broker says within this was not said
constexpr Nanos kFlush = 250 * kMillisecond;

// Each question has a thread and a pace of its own: a leader that does not answer for its offsets must not delay the news
// of who leads.
class Observe final : public Workload, private kafka::ClientListener {
 public:
  Observe(ObserveSpec spec, const WorkloadContext& context)
      : spec_(std::move(spec)), context_(context), view_(context_.evidence, context_.host, context_.task) {}
  Result<void> run(std::stop_token stop) override;
  nlohmann::json progress() const override { return view_.progress(); }

 private:
  void problem(int, std::string_view, bool) override {}  // failed polls are counted
  void repeat(std::stop_token stop, Nanos interval, const std::function<void()>& ask);
  Nanos now() const { return context_.clock.now(); }
  void ask_cluster(Admin& admin);
  void ask_topics(Admin& admin);
  void ask_offsets(Admin& admin);
  void ask_controller();
  void ask_groups(Admin& admin);

  const ObserveSpec spec_;
  const WorkloadContext context_;
  ClusterView view_;
  Nanos starts_at_ = 0;     // of the offsets' thread: when log starts are asked for next
  std::size_t turn_ = 0;    // of the controller's thread: which broker is asked
};

Result<void> Observe::run(std::stop_token stop) {
  auto conf = kafka::Conf::create(spec_.cluster.bootstrap, spec_.cluster.client);
  if (!conf) return conf.error();
  auto client = kafka::Client::create(kafka::Role::producer, std::move(*conf), *this, nullptr);
  if (!client) return client.error();
  Admin admin(**client);
  const Nanos interval = spec_.interval_ms * kMillisecond;
  Result<void> flushed;
  {
    const auto thread = [&](Nanos pace, std::function<void()> ask) {
      return std::jthread([this, stop, pace, ask = std::move(ask)] { repeat(stop, pace, ask); });
    };
    const std::jthread threads[] = {
        thread(kSecond, [&] { ask_cluster(admin); }),
        thread(interval, [&] { ask_topics(admin); }),
        thread(interval, [&] { ask_offsets(admin); }),
        thread(interval, [&] { ask_controller(); }),
        thread(std::max(interval, kSecond), [&] { ask_groups(admin); }),
    };
    repeat(stop, kFlush, [&] {
      (*client)->serve();
      if (auto result = view_.flush(); !result && flushed) flushed = result;
    });
  }
  view_.close(now());
  if (auto last = view_.flush(); !last) return last;
  return flushed;
}

void Observe::repeat(std::stop_token stop, Nanos interval, const std::function<void()>& ask) {
  kafka::Wakeup pause;
  const std::stop_callback wake(stop, [&pause] { pause.signal(); });
  while (!stop.stop_requested()) {
    const Nanos began = now();
    ask();
    pause.wait_until(began + interval);
  }
}

void Observe::ask_cluster(Admin& admin) {
  auto cluster = admin.describe_cluster(kAnswer);
  if (cluster) view_.tell(*cluster);
  view_.polled(cluster.has_value(), now());
}

void Observe::ask_topics(Admin& admin) {
  if (spec_.topics.empty()) return;
  auto topics = admin.describe_topics(spec_.topics, kAnswer);
  const Nanos at = now();
  if (topics) view_.tell(*topics, at);
  view_.polled(topics.has_value(), at);
}

void Observe::ask_offsets(Admin& admin) {
  const auto partitions = view_.partitions();
  if (partitions.empty()) return;
  auto ends = admin.list_offsets(partitions, OffsetPoint::end, false, kAnswer);
  if (ends) view_.tell_ends(*ends, now());
  view_.polled(ends.has_value(), now());
  if (now() < starts_at_) return;
  starts_at_ = now() + kSecond;
  auto starts = admin.list_offsets(partitions, OffsetPoint::log_start, false, kAnswer);
  if (starts) view_.tell_starts(*starts, now());
  view_.polled(starts.has_value(), now());
}

void Observe::ask_controller() {
  const auto brokers = view_.brokers();
  std::int32_t controller = -1;
  // Any broker knows; one that is down or frozen leaves the question to the next.
  for (std::size_t i = 0; i < brokers.size() && controller < 0; ++i) {
    const kafka::BrokerAddress& broker = brokers[(turn_ + i) % brokers.size()];
    auto leader = kafka::quorum_leader(broker.host, broker.port, kAnswer / 2);
    if (leader) controller = leader->controller;
    if (leader) turn_ += i;
  }
  view_.tell_controller(controller, now());
  view_.polled(controller >= 0, now());
}

void Observe::ask_groups(Admin& admin) {
  for (const std::string& group : spec_.groups) {
    auto state = admin.describe_group(group, 2 * kAnswer);
    if (state) view_.tell_group(group, *state, now());
    view_.polled(state.has_value(), now());
    const auto partitions = view_.partitions();
    if (partitions.empty()) continue;
    auto committed = admin.committed(group, partitions, 2 * kAnswer);
    if (committed) view_.tell_committed(group, *committed, now());
    view_.polled(committed.has_value(), now());
  }
}

}  // namespace

Result<std::unique_ptr<Workload>> make_observe(const nlohmann::json& spec, const WorkloadContext& context) {
  auto parsed = common::protocol::observe_spec_from(spec);
  if (!parsed) return parsed.error();
  return std::unique_ptr<Workload>(std::make_unique<Observe>(std::move(*parsed), context));
}

}  // namespace workloads
