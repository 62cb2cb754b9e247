// The tasks of one run on their agents: created idempotently (a coordinator that restarts asks again with the same
// words), watched, stopped. Owned by the conducting thread; the sessions work in the background.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/base/result.h"
#include "common/protocol/workload_specs.h"
#include "coordinator/agent_session.h"
#include "coordinator/fleet.h"
#include "coordinator/run_record.h"

namespace coordinator {

class RunTasks {
 public:
  // `client`: librdkafka properties for every task; secrets among them are not written into the run's directory.
  RunTasks(RunRecord& record, const Fleet& fleet, common::protocol::Properties client, const SessionTiming& timing,
           Changes& changes);

  // Watches again what an earlier coordinator has started.
  void attach();

  // The task's id on the agent is RUN.NAME; its evidence here NAME.fde. With a record of that name the recorded request
  // is sent again, whatever `spec` says now. An agent that does not answer is asked until `patience` is over.
  common::base::Result<common::protocol::TaskStatus> start(const std::string& name, const std::string& agent,
                                                           const std::string& kind, const nlohmann::json& spec,
                                                           std::chrono::milliseconds patience);
  void ask_stop(
      const std::string& name);  // does nothing for what has ended; an agent without answer is asked again by caller

  // Asks for it (the same event again: harmless), also an agent that does not answer until `patience` is over.
  common::base::Result<void> happen(const std::string& name, const common::protocol::TaskEvent& event,
                                    std::chrono::milliseconds patience);
  // The agent of that task did not answer what it was asked last: it may have done it all the same.
  bool unanswered(const std::string& name) const;

  TaskView view(const std::string& name) const;
  bool known(const std::string& name) const { return record_.state().tasks.count(name) != 0; }
  bool ended(const std::string& name) const;
  AgentSession& session(const std::string& agent) { return *sessions_.at(agent); }
  bool agent_lost(const std::string& agent) const { return sessions_.at(agent)->lost(); }
  const std::string& agent_of(const std::string& name) const { return record_.state().tasks.at(name).agent; }
  // The first agent that answers; `preferred` if it does. "": nobody.
  std::string answering_agent(const std::string& preferred) const;
  // All tasks whose evidence is not here to its end.
  std::vector<std::string> incomplete() const;

  // Takes over what the sessions learned: states, pulled bytes, clocks, lost agents. True if a state changed.
  bool sync();

 private:
  std::string id_of(const std::string& name) const { return record_.state().run + "." + name; }
  void sync_agents();
  void sync_clock(AgentSession& session);
  bool sync_task(const std::string& name, TaskRecord& task);
  // Until the agent answers, be it with a refusal, or `patience` is over.
  using Answer = common::base::Result<common::protocol::TaskStatus>;
  Answer ask(const std::string& agent, std::chrono::milliseconds patience,
             const std::function<Answer(AgentClient&)>& question);

  RunRecord& record_;
  common::protocol::Properties client_;
  Changes& changes_;
  std::map<std::string, std::unique_ptr<AgentSession>> sessions_;  // by agent
  std::map<std::string, AgentClient> clients_;                     // of the conducting thread
  std::set<std::string> lost_agents_;
  std::map<std::string, std::int64_t> clock_written_;  // by host: when
};

}  // namespace coordinator
