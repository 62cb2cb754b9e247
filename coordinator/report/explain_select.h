// Which finding a person means: its number in the list, or its name. Pure.
#pragma once

#include <string>

#include "common/base/result.h"
#include "coordinator/judge/result.h"
#include "workloads/evidence/names.h"

namespace coordinator::report {

// `wanted`: "3", as `judge` and `report` number them, or "lost:orders-3:88120" (kind, partition, one of its offsets; no
// offset: the first of the kind there). `suffix`: of the run's names on the cluster; a topic may be named without it.
// Returns an index into the findings.
common::base::Result<std::size_t> select_finding(const judge::JudgeResult& judged,
                                                 const workloads::evidence::Names& names, const std::string& wanted,
                                                 const std::string& suffix);

}  // namespace coordinator::report
