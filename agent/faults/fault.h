// A fault breaks one declared service on purpose and always ends. One file per kind, one row in fault_table.cpp.
// The life of a fault (journal, TTL, lease, guardian) is kept by fault_runner; a fault itself only knows three verbs.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "agent/faults/service.h"
#include "common/base/result.h"
#include "common/protocol/fault_spec.h"

namespace agent::faults {

class Fault {
 public:
  virtual ~Fault() = default;
  // What revert needs, written to disk (fsync) before inject is called. Bound once: never resolved again.
  virtual nlohmann::json undo_record() const = 0;
  virtual common::base::Result<void> inject() = 0;
  // Blocks, with a deadline, until the effect was observed; the proof in words ("pid 4711 exited; connect refused").
  virtual common::base::Result<std::string> verify() = 0;
};

struct FaultKind {
  std::string_view name;
  std::string_view summary;
  common::base::Result<std::unique_ptr<Fault>> (*make)(const common::protocol::FaultSpec& spec, const Service& service);
  // From the record alone (this process may never have seen the fault); harmless when done twice; what proves it.
  common::base::Result<std::string> (*revert)(const nlohmann::json& undo_record);
};

std::span<const FaultKind> fault_kinds();
const FaultKind* find_fault(std::string_view name);

}  // namespace agent::faults
