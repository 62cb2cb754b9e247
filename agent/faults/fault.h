// A fault breaks one declared service on purpose and always ends. One file per kind, one row in fault_table.cpp.
// The life of a fault (journal, TTL, lease, guardian) is kept by fault_run; a fault itself only knows its verbs.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "agent/faults/journal.h"
#include "agent/faults/service.h"
#include "common/base/result.h"
#include "common/protocol/fault_spec.h"

namespace agent::faults {

struct Felt {
  common::base::Nanos at = 0;  // since when; the proof may have taken longer
  std::string proof;           // in words: "process 4711 ended; 127.0.0.1:9092 refuses connections"
};

// Used by the one thread of its run.
class Fault {
 public:
  virtual ~Fault() = default;
  // What revert needs, written to disk (fsync) before inject is called. Bound once: never resolved again.
  virtual nlohmann::json undo() const = 0;
  virtual common::base::Result<void> inject() = 0;
  // Waits about `patience` for the effect; none as long as it was not observed. An Error: it cannot come any more.
  virtual common::base::Result<std::optional<Felt>> felt(std::chrono::milliseconds patience) = 0;
  // How long after inject the effect may take; later the fault has failed.
  virtual std::chrono::milliseconds felt_within() const = 0;
};

struct FaultKind {
  std::string_view name;
  std::string_view summary;
  bool reverts_at_once;  // once it was felt, whatever its duration
  // An Error if the service does not run: what is broken already cannot be broken by us.
  common::base::Result<std::unique_ptr<Fault>> (*make)(const common::protocol::FaultSpec& spec, const Service& service);
  // From the record alone (this process may never have seen the fault), whether or not inject came to its end; harmless
  // when done twice. Has a deadline of the service's own. What proves it. May note in record.undo, and write, how far
  // it is.
  common::base::Result<std::string> (*revert)(UndoRecord& record, const Journal& journal);
};

std::span<const FaultKind> fault_kinds();
const FaultKind* find_fault(std::string_view name);

}  // namespace agent::faults
