// The one line that a person watches while a drill runs: `T+12s fault | sent 61,204 acked 60,911 in flight 293 ...`.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "coordinator/report/live_findings.h"

namespace coordinator::report {

struct LiveFault {
  std::string name;
  std::string state;                 // as its task tells: "injecting", "active", "reverting"
  common::base::Nanos in_state = 0;  // since it was first seen in that state
  common::base::Nanos left = 0;      // of an active one, until its own duration ends it; below 0: since then
};

struct LiveState {
  std::string phase;                // of the scenario; "setup" before the first one, else what the run does
  common::base::Nanos elapsed = 0;  // since the run began
  std::int64_t sent = 0;
  std::int64_t acked = 0;
  std::int64_t in_flight = 0;
  std::int64_t unknown = 0;
  std::int64_t refused = 0;
  double acked_rate = 0;  // messages per second
  std::int64_t delivered = 0;
  std::int64_t lag = -1;   // -1: not told
  double ack_p50_ms = -1;  // -1: not told
  double ack_p99_ms = -1;
  std::string waiting_for;        // "isr == full": the gate that holds the run up; "": none
  std::vector<LiveFault> faults;  // asked for and not reverted yet
  LiveFindings findings;
};

std::string live_line(const LiveState& state);

}  // namespace coordinator::report
