// The name of a consumer incarnation: the task's, and something that never comes back.
#pragma once

#include <cstdio>
#include <string>

#include "common/base/random.h"
#include "workloads/workload.h"

namespace workloads {

inline std::string reader_name(const WorkloadContext& context) {
  const std::uint64_t mark =
      common::base::hash64(context.run + "/" + context.task + "/" + std::to_string(context.clock.now()));
  char text[16];
  std::snprintf(text, sizeof text, ".%08x", static_cast<unsigned>(mark));
  return context.task + text;
}

}  // namespace workloads
