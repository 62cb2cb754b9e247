#include "coordinator/report/live_line.h"

#include <array>
#include <cstdio>

#include "common/base/units.h"
#include "coordinator/report/text_layout.h"

namespace coordinator::report {

using common::base::count_text;

namespace {

std::string milliseconds(double ms) {
  return compact(static_cast<common::base::Nanos>(ms * 1e6));
}

// What the fault is to the cluster now: being injected, felt, being reverted.
std::string fault_text(const LiveFault& fault) {
  const auto seconds = [](common::base::Nanos span) { return std::to_string(span / common::base::kSecond) + "s"; };
  if (fault.state == "reverting") return fault.name + " reverting, " + seconds(fault.in_state);
  if (fault.state != "active") return fault.name + " injecting, " + seconds(fault.in_state);
  if (fault.left <= 0) return fault.name + " reverting, " + seconds(-fault.left);
  return fault.name + " felt, " + seconds(fault.left) + " left";
}

}  // namespace

std::string live_line(const LiveState& state) {
  std::array<char, 16> elapsed{};
  std::snprintf(elapsed.data(), elapsed.size(), "T+%.0fs", static_cast<double>(state.elapsed) / 1e9);
  std::string line = left(elapsed.data(), 7) + state.phase;
  if (!state.waiting_for.empty()) line += " until " + state.waiting_for;
  // First, since a terminal cuts what is behind.
  if (const std::string found = live_findings_text(state.findings); !found.empty()) line += " | " + found;
  if (state.phase == "setup" && state.sent == 0) return line;  // nothing can be counted yet
  line += " | sent " + count_text(state.sent) + " acked " + count_text(state.acked) + " (" +
          common::base::rate_text(state.acked_rate) + ") in flight " + count_text(state.in_flight);
  if (state.unknown > 0) line += " unknown " + count_text(state.unknown);
  if (state.refused > 0) line += " refused " + count_text(state.refused);
  line += " | delivered " + count_text(state.delivered);
  if (state.lag >= 0) line += " lag " + count_text(state.lag);
  if (state.ack_p50_ms > 0 && state.ack_p99_ms > 0)  // 0: nothing was acked in that second
    line += " | ack p50 " + milliseconds(state.ack_p50_ms) + " p99 " + milliseconds(state.ack_p99_ms);
  for (const LiveFault& fault : state.faults) line += " | " + fault_text(fault);
  return line;
}

}  // namespace coordinator::report
