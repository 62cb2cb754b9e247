#include "workloads/ask_setup.h"

#include <algorithm>
#include <charconv>

#include "workloads/kafka/admin.h"
#include "workloads/kafka/cluster_questions.h"
#include "workloads/kafka/names.h"

namespace workloads {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using common::protocol::ClusterSetup;
using common::protocol::TopicSetup;

namespace {

constexpr std::size_t kTopicsAtOnce = 200;

// "1@host:9093,2@host:9093", of a quorum that was written down rather than formed (KIP-853).
std::vector<std::int32_t> voters_written(const std::string& text) {
  std::vector<std::int32_t> voters;
  for (std::size_t at = 0; at < text.size(); at = std::min(text.find(',', at), text.size() - 1) + 1) {
    std::int32_t voter = -1;
    if (std::from_chars(text.data() + at, text.data() + text.size(), voter).ec == std::errc()) voters.push_back(voter);
  }
  return voters;
}

class Asking {
 public:
  Asking(kafka::Admin& admin, Nanos deadline, ClusterSetup& setup)
      : admin_(admin), deadline_(deadline), setup_(setup) {}

  void ask_topics() {
    const auto topics = admin_.all_topics(left());
    if (!topics) return not_told(topics.error().what);
    std::vector<std::string> names;
    for (const kafka::TopicState& told : *topics) {
      TopicSetup& topic = setup_.topics.emplace_back();
      topic.name = told.topic;
      if (told.error != 0) not_told("topic `" + told.topic + "`: " + kafka::error_name(told.error));
      for (const kafka::PartitionState& state : told.partitions)
        topic.partitions.push_back({state.partition, state.leader, state.replicas, state.isr});
      names.push_back(told.topic);
    }
    for (std::size_t at = 0; at < names.size(); at += kTopicsAtOnce) {
      const auto begin = names.begin() + static_cast<std::ptrdiff_t>(at);
      const std::vector<std::string> page(
          begin, begin + static_cast<std::ptrdiff_t>(std::min(kTopicsAtOnce, names.size() - at)));
      ask_configs(page);
    }
  }

  void ask_brokers(const std::vector<kafka::BrokerAddress>& brokers) {
    for (const kafka::BrokerAddress& broker : brokers) setup_.brokers.push_back(broker.id);
    std::sort(setup_.brokers.begin(), setup_.brokers.end());
    if (brokers.empty()) return;
    auto config = admin_.broker_config(setup_.brokers.front(), left());
    if (config)
      setup_.broker_config = std::move(config->values);
    else
      not_told(config.error().what);
  }

  void ask_voters(const std::vector<kafka::BrokerAddress>& brokers) {
    std::string why = "no broker was told of";
    for (const kafka::BrokerAddress& broker : brokers) {
      const auto quorum = kafka::quorum_leader(broker.host, broker.port, std::min(left(), 2 * kSecond));
      if (quorum) {
        setup_.voters = quorum->voters;
        return;
      }
      why = quorum.error().what;
    }
    // It is asked for over plain connections only; where it was written down, the configuration knows it, too.
    const auto written = setup_.broker_config.find("controller.quorum.voters");
    if (written != setup_.broker_config.end()) setup_.voters = voters_written(written->second);
    const bool zookeeper = setup_.broker_config.contains("zookeeper.connect") && setup_.voters.empty() &&
                           !setup_.broker_config.at("zookeeper.connect").empty();
    if (setup_.voters.empty() && !zookeeper) not_told("the quorum of controllers: " + why);
  }

 private:
  Nanos left() const { return std::max(deadline_ - common::base::steady_now(), kSecond / 10); }
  void not_told(const std::string& what) { setup_.unknown.push_back(what); }

  void ask_configs(const std::vector<std::string>& names) {
    auto configs = admin_.topic_configs(names, left());
    if (!configs) return not_told(configs.error().what);
    for (auto& config : *configs) {
      const auto topic = std::find_if(setup_.topics.begin(), setup_.topics.end(),
                                      [&](const TopicSetup& one) { return one.name == config.name; });
      if (topic == setup_.topics.end()) continue;
      topic->config = std::move(config.values);
      if (config.error != 0)
        not_told("the configuration of topic `" + config.name + "`: " + kafka::error_name(config.error));
    }
  }

  kafka::Admin& admin_;
  const Nanos deadline_;
  ClusterSetup& setup_;
};

}  // namespace

Result<ClusterSetup> ask_setup(const common::protocol::ClusterAccess& access, Nanos patience) {
  const Nanos deadline = common::base::steady_now() + patience;
  auto conf = kafka::Conf::create(access.bootstrap, access.client);
  if (!conf) return conf.error();
  kafka::NoListener listener;
  auto client = kafka::Client::create(kafka::Role::producer, std::move(*conf), listener, nullptr);
  if (!client) return client.error();
  kafka::Admin admin(**client);
  const auto cluster = admin.describe_cluster(patience / 2);
  if (!cluster) {
    (*client)->serve();
    const std::string reason = (*client)->last_problem();
    return fail(ErrorKind::unreachable,
                "no broker answers at " + access.bootstrap + ": " + (reason.empty() ? cluster.error().what : reason));
  }
  ClusterSetup setup;
  setup.cluster_id = cluster->cluster_id;
  Asking asking(admin, deadline, setup);
  asking.ask_brokers(cluster->brokers);
  asking.ask_topics();
  asking.ask_voters(cluster->brokers);
  return setup;
}

}  // namespace workloads
