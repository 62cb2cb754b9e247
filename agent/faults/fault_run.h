// The life of one fault: planned (on disk), injecting, active once it was felt, reverting, reverted. It ends by its
// duration, by a lease that nobody renewed, when asked to, when nobody guards it any more, or when it bites no more
// (failed), and always reverts.
// run() belongs to one thread; renew() and state() to any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "agent/faults/fault.h"
#include "agent/faults/journal.h"
#include "workloads/evidence/event.h"

namespace agent::faults {

struct FaultHappening {
  workloads::evidence::FaultState state = workloads::evidence::FaultState::injecting;
  common::base::Nanos at = 0;
  std::string proof;
};

struct FaultWatch {
  std::function<void(const FaultHappening&)> tell;  // in order, on run()'s thread
  std::function<std::string()> must_end;            // asked every 100 ms: why the fault must end now, else ""
};

class FaultRun {
 public:
  // Writes the record (planned): an Error means that nothing was done and nothing is left.
  static common::base::Result<std::unique_ptr<FaultRun>> plan(const common::protocol::FaultSpec& spec,
                                                              const FaultKind& kind, std::unique_ptr<Fault> fault,
                                                              UndoRecord record, const Journal& journal);

  // Returns when it is reverted or cannot be. An Error: it was not felt, or not until its end (it was reverted all the
  // same).
  common::base::Result<void> run(std::stop_token stop, const FaultWatch& watch);
  void renew(std::chrono::milliseconds lease);
  const UndoRecord& record() const { return record_; }  // after run()

 private:
  FaultRun(const common::protocol::FaultSpec& spec, const FaultKind& kind, std::unique_ptr<Fault> fault,
           UndoRecord record, const Journal& journal);
  common::base::Result<Felt> inject(std::stop_token stop, const FaultWatch& watch);
  struct End {
    std::string why;
    bool bites = true;  // to its end
  };
  End wait_for_end(common::base::Nanos felt_at, std::stop_token stop, const FaultWatch& watch);
  std::string why_end(std::stop_token stop, const FaultWatch& watch) const;

  const FaultKind& kind_;
  std::unique_ptr<Fault> fault_;  // until it is reverted
  UndoRecord record_;
  const Journal& journal_;
  const std::chrono::milliseconds duration_;
  mutable std::mutex mutex_;  // guards lease_end_
  std::condition_variable_any changed_;
  std::chrono::steady_clock::time_point lease_end_;
};

}  // namespace agent::faults
