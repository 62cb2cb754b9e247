// The agents that a coordinator daemon knows: registered by url, kept in ROOT/agents.json, asked every few seconds
// whether they answer. Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.h"
#include "coordinator/fleet.h"

namespace coordinator {

class AgentRegistry {
 public:
  // `back` is called with the name of an agent that answers again, on the registry's own thread.
  static common::base::Result<std::unique_ptr<AgentRegistry>> open(const std::string& root,
                                                                   std::function<void(const std::string&)> back);
  ~AgentRegistry();

  // Asks the agent who it is. Known already: it is asked again (a new life of it may own other services). A name or a
  // broker that another one has: configuration; too many: limit.
  common::base::Result<FleetAgent> add(const std::string& url, std::chrono::milliseconds timeout);
  common::base::Result<Fleet> fleet() const;  // those that answer; none: an Error (conflict) that says so
  nlohmann::json to_json() const;             // [{"url", "answers", "info"}]

 private:
  struct Known {
    FleetAgent agent;
    bool answers = true;
  };
  AgentRegistry(std::string file, std::function<void(const std::string&)> back);
  common::base::Result<void> load();
  common::base::Result<void> store(const std::vector<Known>& known) const;
  void watch(const std::stop_token& stop);

  const std::string file_;
  const std::function<void(const std::string&)> back_;
  mutable std::mutex mutex_;
  std::condition_variable_any woken_;
  std::vector<Known> known_;
  std::jthread watcher_;
};

}  // namespace coordinator
