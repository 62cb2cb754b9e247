// Asks every broker who leads and who is in sync, each over a connection and a thread of its own: so news is known one
// interval after any living broker knows it, and a dead or frozen one delays nobody. Costs a broker five small requests
// a second on an open connection. A cluster that wants TLS or SASL does not answer. Owned by Observe; one
// thread, only heard_within() any.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "common/base/clock.h"
#include "workloads/cluster_view.h"

namespace workloads {

class LeaderWatch {
 public:
  LeaderWatch(std::vector<std::string> topics, common::base::Nanos interval, const common::base::Clock& clock,
              ClusterView& view)
      : topics_(std::move(topics)), interval_(interval), clock_(clock), view_(view) {}
  ~LeaderWatch();  // waits for all at the same time, at most for one answer
  LeaderWatch(const LeaderWatch&) = delete;
  LeaderWatch& operator=(const LeaderWatch&) = delete;

  // Brokers that were not asked yet are asked from now on, also after they left: they come back.
  void include(const std::vector<kafka::BrokerAddress>& brokers);
  // Somebody answered within `age`.
  bool heard_within(common::base::Nanos age) const;

 private:
  struct Voice {
    std::string host;
    int port = 0;
    std::jthread thread;
  };
  void listen(const std::stop_token& stop, const kafka::BrokerAddress& broker, common::base::Nanos delay);

  const std::vector<std::string> topics_;
  const common::base::Nanos interval_;
  const common::base::Clock& clock_;
  ClusterView& view_;
  std::atomic<common::base::Nanos> heard_at_ = 0;
  std::map<std::int32_t, Voice> voices_;  // by broker; last: its threads use all of the above
};

}  // namespace workloads
