#include "agent/faults/kinds.h"
#include "agent/faults/revival.h"

namespace agent::faults {

namespace {

constexpr FaultKind kKinds[] = {
    {"kill", "SIGKILL; started again when it ends", false, make_kill, revive},
    {"stop", "SIGTERM and wait for the end; started again when it ends", false, make_stop, revive},
    {"pause", "SIGSTOP; SIGCONT when it ends", false, make_pause, thaw},
    {"restart", "SIGTERM (hard: SIGKILL) and started again at once", true, make_restart, revive},
};

}  // namespace

std::span<const FaultKind> fault_kinds() {
  return kKinds;
}

const FaultKind* find_fault(std::string_view name) {
  for (const auto& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

}  // namespace agent::faults
