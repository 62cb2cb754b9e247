// What is done to a workload's client on purpose, one event after the other: asked for by any thread, done by the
// workload's, which calls the rest. Evidence has it as a fault: injecting when it begins, active when the client is
// gone or stands still, reverted when it is back.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/task_event.h"
#include "workloads/workload.h"

namespace workloads {

class LifeEvents {
 public:
  explicit LifeEvents(const WorkloadContext& context) : context_(context) {}

  void ask(const common::protocol::TaskEvent& event);  // any thread
  nlohmann::json progress() const;                     // any thread: id -> asked, under way, over

  // Begins the next one, if one waits and none is under way. One that leaves the client alive is over when this
  // returns: it has stood still.
  void begin_next(const std::stop_token& stop);
  bool ends_client() const { return now_.has_value() && !felt_; }  // and it has not been ended yet
  bool kills() const { return ends_client() && now_->event == "kill"; }
  // The client is gone; waits for as long as it is to stay away, or for a stop. Nothing if no event did it.
  void gone(const std::string& how, const std::stop_token& stop);
  void back(const std::string& as);  // nothing if it was not gone
  bool away() const { return now_.has_value() && felt_; }

 private:
  void note(evidence::FaultState state, const std::string& proof);
  void felt(const std::string& proof);
  void stay(const std::stop_token& stop) const;

  const WorkloadContext& context_;
  std::optional<common::protocol::TaskEvent> now_;  // under way
  bool felt_ = false;

  mutable std::mutex mutex_;  // guards what follows
  std::deque<common::protocol::TaskEvent> waiting_;
  std::map<std::string, const char*> progress_;
};

}  // namespace workloads
