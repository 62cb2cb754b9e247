// A fault breaks one declared service, or the cluster, on purpose and always ends. One file per kind, one row in
// fault_table.cpp, one in the catalogue (common/protocol/fault_catalogue.h). The life of a fault (journal, TTL, lease,
// guardian) is kept by fault_run; a fault itself only knows its verbs.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "agent/faults/journal.h"
#include "agent/faults/service.h"
#include "common/base/result.h"
#include "common/protocol/fault_catalogue.h"
#include "common/protocol/fault_parameters.h"
#include "common/protocol/fault_spec.h"

namespace agent::faults {

struct Felt {
  common::base::Nanos at = 0;  // since when; the proof may have taken longer
  std::string proof;           // in words: "process 4711 ended; 127.0.0.1:9092 refuses connections"
};

// What a fault must know of the agent that does it, and must not cut off.
struct Surroundings {
  std::uint16_t control_port = 0;  // the agent's own
  std::string state_folder;
};

// All that a maker is told; lives as long as the call.
struct FaultOrder {
  const common::protocol::FaultSpec& spec;
  const common::protocol::FaultParameters& parameters;
  const Service* service = nullptr;  // null: a fault of the cluster
  const Surroundings& around;
};

// Used by the one thread of its run. Its end comes before its revert, and lets go of what dies with this process anyhow
// (a table that the kernel removes with its owner, a child): what revert then finds is what a later process would find.
class Fault {
 public:
  virtual ~Fault() = default;
  // For a person who asks beforehand: the exact commands, rules or calls, a line each.
  virtual std::vector<std::string> plan() const = 0;
  // What revert needs, written to disk (fsync) before inject is called. Bound once: never resolved again.
  virtual nlohmann::json undo() const = 0;
  virtual common::base::Result<void> inject() = 0;
  // Waits about `patience` for the effect; none as long as it was not observed. An Error: it cannot come any more.
  virtual common::base::Result<std::optional<Felt>> felt(std::chrono::milliseconds patience) = 0;
  // How long after inject the effect may take; later the fault has failed.
  virtual std::chrono::milliseconds felt_within() const = 0;
  // Asked about twice a second while it is active; returns within 500 ms. An Error: why it bites no more.
  virtual common::base::Result<void> still_felt() { return {}; }
};

struct FaultKind {
  const common::protocol::FaultDescription* row;
  // Refuses without any side effect, in one line: a service that does not run (what is broken already cannot be broken
  // by us), a host that cannot do it, parameters that do not go together.
  common::base::Result<std::unique_ptr<Fault>> (*make)(const FaultOrder& order);
  // From the record alone (this process may never have seen the fault), whether or not inject came to its end; harmless
  // when done twice. Has a deadline of the service's own. What proves it. May note in record.undo, and write, how far
  // it is.
  common::base::Result<std::string> (*revert)(UndoRecord& record, const Journal& journal);
  std::string_view name() const { return row->name; }
};

std::span<const FaultKind> fault_kinds();
const FaultKind* find_fault(std::string_view name);

}  // namespace agent::faults
