// Which transactions are aborted on purpose: the same ones for the same seed, whatever else happens, and over all
// incarnations of a task. One thread.
#pragma once

#include "common/base/random.h"
#include "common/protocol/workload_specs.h"

namespace workloads {

class TransactPlan {
 public:
  explicit TransactPlan(const common::protocol::TransactSpec& spec)
      : share_(spec.abort_share),
        draws_(common::base::Random(static_cast<std::uint64_t>(spec.produce.seed)).fork("aborts")) {}
  bool next_aborts() { return draws_.unit() < share_; }

 private:
  double share_;
  common::base::Random draws_;
};

}  // namespace workloads
