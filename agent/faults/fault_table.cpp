#include <algorithm>

#include "agent/faults/kinds.h"
#include "agent/faults/revival.h"
#include "common/base/assert.h"

namespace agent::faults {

namespace {

FaultKind of(std::string_view name, decltype(FaultKind::make) make, decltype(FaultKind::revert) revert) {
  const auto* row = common::protocol::describe_fault(name);
  FIREDRILL_ASSERT(row != nullptr);
  return {row, make, revert};
}

}  // namespace

std::span<const FaultKind> fault_kinds() {
  static const FaultKind kKinds[] = {
      of("kill", make_kill, revive),
      of("stop", make_stop, revive),
      of("pause", make_pause, thaw),
      of("restart", make_restart, revive),
  };
  return kKinds;
}

const FaultKind* find_fault(std::string_view name) {
  const auto kinds = fault_kinds();
  const auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const FaultKind& kind) { return kind.name() == name; });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace agent::faults
