// A process that is what it was: held by a pidfd and known by its start time, so that no signal ever reaches a later
// process that was given the same pid. Linux 5.3 or later. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <sys/types.h>

#include <nlohmann/json_fwd.hpp>

#include "common/base/descriptor.h"
#include "common/base/result.h"

namespace agent::faults {

struct ProcessIdentity {
  std::int64_t pid = 0;
  std::int64_t start_time = 0;  // clock ticks since boot (proc(5), stat, field 22)
  std::string boot_id;          // of the kernel that counted: pids and ticks start afresh with every boot
  bool operator==(const ProcessIdentity&) const = default;
};

nlohmann::json to_json(const ProcessIdentity& identity);
common::base::Result<ProcessIdentity> process_identity_from(const nlohmann::json& json);

std::string signal_command(const ProcessIdentity& identity, int signal);  // "kill -KILL 4711"

class Process {
 public:
  static common::base::Result<Process> open(std::int64_t pid);  // not_found: no such process, or it has exited
  static common::base::Result<Process> open(
      const ProcessIdentity& identity);  // not_found: it, and not its pid, is gone

  const ProcessIdentity& identity() const { return identity_; }
  common::base::Result<void> send(int signal) const;
  bool exited_within(std::chrono::milliseconds patience) const;  // a zombie has exited
  char state() const;                                            // of /proc: 'R', 'S', 'T', ...; '?' when gone
  std::chrono::nanoseconds age() const;                          // since it was started

 private:
  Process(common::base::Descriptor pidfd, ProcessIdentity identity)
      : pidfd_(std::move(pidfd)), identity_(std::move(identity)) {}
  common::base::Descriptor pidfd_;
  ProcessIdentity identity_;
};

}  // namespace agent::faults
