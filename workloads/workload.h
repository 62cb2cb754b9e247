// A workload is a task that uses Kafka. One file per kind, one row in workload_table.cpp; the agent gives it a thread.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/protocol/task_event.h"
#include "workloads/evidence/segment_writer.h"

namespace workloads {

inline constexpr common::base::Nanos kFlush = 250 * common::base::kMillisecond;  // evidence is written this often
inline constexpr common::base::Nanos kConnect = 10 * common::base::kSecond;      // a first answer of the cluster

// What the agent lends to a workload for as long as it lives.
struct WorkloadContext {
  std::string task;  // the actor's name in evidence is derived from it
  std::string run;
  std::string host;
  evidence::SegmentWriter& evidence;  // one mutex of the workload guards it
  const common::base::Clock& clock;
};

class Workload {
 public:
  virtual ~Workload() = default;
  // On a thread of its own, until done or asked to stop; a stop is graceful (drain, commit, Close) with a deadline of
  // the spec's. An Error fails the task; what Kafka did is evidence, not an Error. Evidence is flushed at least every
  // kFlush while it runs, and before it returns.
  virtual common::base::Result<void> run(std::stop_token stop) = 0;
  virtual nlohmann::json progress() const = 0;  // any thread, at any time
  // Something is to happen to its client (life_events.h); any thread, at any time. An Error (configuration): it has
  // none.
  virtual common::base::Result<void> happen(const common::protocol::TaskEvent& event);
};

struct WorkloadKind {
  std::string_view name;
  std::string_view summary;
  common::base::Result<std::unique_ptr<Workload>> (*make)(const nlohmann::json& spec, const WorkloadContext& context);
};

std::span<const WorkloadKind> workload_kinds();  // the table
const WorkloadKind* find_workload(std::string_view name);
std::string librdkafka_version();

}  // namespace workloads
