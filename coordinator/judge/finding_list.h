// The order in which findings are told (docs/history.md, section 5), and how many: of a kind at most kMostFindings are
// listed, violations first; the rest is counted, so that 10^6 anomalies are neither huge nor silent. Pure.
#pragma once

#include <vector>

#include "coordinator/judge/result.h"

namespace coordinator::judge {

inline constexpr std::int64_t kMostFindings = 10'000;

// Negative, 0 or positive; kNoId comes first.
int compare_names(workloads::evidence::Id a, workloads::evidence::Id b, const workloads::evidence::Names& names);

void add_left_out(std::vector<LeftOut>& sum, const LeftOut& more);

// Never holds many more than it will list. Add in any order; take() when all are there.
class FindingList {
 public:
  explicit FindingList(const workloads::evidence::Names& names) : names_(names) {}
  void add(Finding finding);
  void leave_out(const LeftOut& more) { add_left_out(left_out_, more); }
  std::vector<Finding> take();  // sorted; those of each kind beyond the first kMostFindings are only counted
  const std::vector<LeftOut>& left_out() const { return left_out_; }

 private:
  void shorten();

  const workloads::evidence::Names& names_;
  std::vector<Finding> findings_;
  std::vector<LeftOut> left_out_;
  std::size_t shorten_at_ = 8 * static_cast<std::size_t>(kMostFindings);
};

}  // namespace coordinator::judge
