#include "workloads/leader_watch.h"

#include "workloads/repeat.h"

namespace workloads {

using common::base::kSecond;
using common::base::Nanos;
using kafka::BrokerAddress;

namespace {

constexpr Nanos kLeadersAnswer = kSecond;
constexpr std::size_t kMostVoices = 16;  // of a larger cluster that many tell the leaders of all

}  // namespace

LeaderWatch::~LeaderWatch() {
  for (auto& [broker, voice] : voices_) voice.thread.request_stop();
}

void LeaderWatch::include(const std::vector<BrokerAddress>& brokers) {
  if (topics_.empty()) return;
  for (const BrokerAddress& broker : brokers) {
    const auto known = voices_.find(broker.id);
    if (known == voices_.end() && voices_.size() >= kMostVoices) continue;
    if (known != voices_.end() && known->second.host == broker.host && known->second.port == broker.port) continue;
    // Not all at the same moment: then three brokers are as good as a third of the interval.
    const Nanos delay = interval_ * static_cast<Nanos>(voices_.size() % 3) / 3;
    Voice& voice = voices_[broker.id];
    voice.host = broker.host;
    voice.port = broker.port;
    voice.thread = std::jthread([this, broker, delay](const std::stop_token& stop) { listen(stop, broker, delay); });
  }
}

bool LeaderWatch::heard_within(Nanos age) const {
  const Nanos heard = heard_at_.load();
  return heard > 0 && clock_.now() - heard <= age;
}

void LeaderWatch::listen(const std::stop_token& stop, const BrokerAddress& broker, Nanos delay) {
  kafka::WireConnection connection(broker.host, broker.port);
  repeat(stop, delay, interval_, [&] {
    auto topics = kafka::topics_told(connection, topics_, kLeadersAnswer);
    const Nanos at = clock_.now();
    view_.polled(topics.has_value(), at);
    if (!topics) return;
    heard_at_.store(at);
    view_.tell(broker.id, *topics, at);
  });
}

}  // namespace workloads
