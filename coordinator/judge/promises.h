// What a configuration promises, and what it does not: one table of rows, read from above, the first that fits decides.
// The judge's severities come of it, the report says with it what was promised in a run, `firedrill doctor` what would
// be lost and when, and docs/promises.md is printed from it. Pure; any thread.
//
// Binding for severities is docs/history.md, section 4; rows about what the judge cannot see (availability) are for
// people.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/evidence/event.h"

namespace coordinator::judge {

// What can become of messages.
enum class Hazard : std::uint8_t {
  loss,
  duplication,
  reordering,
  tearing,
  premature_reading,
  skipping,
  redelivery,
  double_processing,
  unavailability,
  anything_else,
};
inline constexpr std::size_t kHazards = 10;
std::string_view name_of(Hazard hazard);  // "loss", "premature reading"

// When a reader's position is committed. `processed`: after it handled the records (our sync and async).
enum class CommitMode : std::uint8_t { processed, automatic, none, in_transaction };

struct Configuration {
  workloads::evidence::Acks acks = workloads::evidence::Acks::all;
  bool idempotence = true;
  std::int32_t max_in_flight = 5;
  bool transactions = false;
  std::int32_t replication_factor = 3;
  std::int32_t min_insync_replicas = 2;
  bool unclean_leader_election = false;
  bool copies_destroyed = false;  // a fault took away what a broker had stored (or may: a power cut, a dead disk)
  workloads::evidence::Isolation isolation = workloads::evidence::Isolation::read_committed;
  workloads::evidence::Reset reset = workloads::evidence::Reset::earliest;
  CommitMode commit = CommitMode::processed;
};

// All that is given must hold; what is left out may be anything.
struct Condition {
  std::optional<workloads::evidence::Acks> acks = {};
  std::optional<bool> idempotence = {};
  std::optional<bool> pipelined = {};  // more than one request in flight
  std::optional<bool> transactions = {};
  std::optional<bool> one_copy = {};             // replication factor below 2
  std::optional<bool> one_in_sync = {};          // min.insync.replicas below 2
  std::optional<bool> all_must_be_in_sync = {};  // min.insync.replicas not below the replication factor
  std::optional<bool> unclean_leader_election = {};
  std::optional<bool> copies_destroyed = {};
  std::optional<workloads::evidence::Isolation> isolation = {};
  std::optional<workloads::evidence::Reset> reset = {};
  std::optional<CommitMode> commit = {};
  bool operator==(const Condition&) const = default;
};

// How much a row that promises nothing should worry whoever runs such a cluster.
//   danger   one ordinary failure (a broker, a disk) loses acked records, or the service does not work now
//   warning  one failure stops it, or brings duplicates, disorder or records never processed; or two lose records
//   note     true, and to be known
enum class Concern : std::uint8_t { none, note, warning, danger };
std::string_view name_of(Concern concern);

struct PromiseRow {
  Hazard hazard;
  Condition condition;
  Concern concern;        // none: it is promised that it does not happen
  std::string_view what;  // is promised; else what is at stake
  std::string_view when;  // of what is not promised
  std::string_view why;   // with its source
  std::string_view set;   // that it is promised; "" if nothing can be set
  bool promised() const { return concern == Concern::none; }
};

std::span<const PromiseRow> promise_rows();
const PromiseRow& promise(Hazard hazard, const Configuration& configuration);
bool promised(Hazard hazard, const Configuration& configuration);
// Every reason why it is not promised, worst first as the table has them.
std::vector<const PromiseRow*> hazards_of(Hazard hazard, const Configuration& configuration);

std::string condition_text(const Condition& condition);  // "acks=1", "anything else"
std::string promises_markdown();                         // the table of docs/promises.md

}  // namespace coordinator::judge
