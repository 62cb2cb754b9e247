// The condition of a gate: `acked >= 1000`, `delivered >= 1k`, `lag == 0`, `isr == full`, `brokers == full`. Pure.
//   acked, delivered  messages since the run began, over all workloads (delivered: to every group and reader by hand,
//   the
//                     least of them)
//   lag               the largest lag of a partition, over all groups
//   isr               full: every partition of the run's topics has all its replicas in sync; else the smallest ISR
//   brokers           full: every broker of the plan's cluster is alive; else how many are
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "coordinator/scenario/expectation.h"

namespace coordinator::scenario {

enum class GateMetric { acked, delivered, lag, isr, brokers };

struct Condition {
  GateMetric metric = GateMetric::acked;
  Comparison comparison = Comparison::at_least;
  bool full = false;       // the right side is the word `full`; only with isr and brokers, only `==`
  std::int64_t value = 0;  // else this number
};

common::base::Result<Condition> parse_condition(std::string_view text);

// `full_value`: what `full` means now (replicas, brokers); unused otherwise.
bool holds(const Condition& condition, std::int64_t measured, std::int64_t full_value);

}  // namespace coordinator::scenario
