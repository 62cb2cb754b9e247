// The order in which findings are told (docs/history.md, section 5), and how many: of a kind at most kMostFindings are
// listed, violations first; the rest is counted, so that 10^6 anomalies are neither huge nor silent. Pure.
#pragma once

#include <vector>

#include "coordinator/judge/result.h"

namespace coordinator::judge {

inline constexpr std::int64_t kMostFindings = 10'000;

// Negative, 0 or positive; kNoId comes first.
int compare_names(workloads::evidence::Id a, workloads::evidence::Id b, const workloads::evidence::Names& names);

void sort_findings(std::vector<Finding>& findings, const workloads::evidence::Names& names);

// Of sorted findings: takes out those of each kind beyond the first kMostFindings, and counts them in `left_out`.
void shorten(std::vector<Finding>& findings, std::vector<LeftOut>& left_out);
void add_left_out(std::vector<LeftOut>& sum, const LeftOut& more);

}  // namespace coordinator::judge
