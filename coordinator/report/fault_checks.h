// Whether every fault bit until its end: one that was active and then told that it failed, before anybody began to
// revert it, had stopped biting, and nothing is proved of the rest of its time. Pure; fed with the events of the run,
// of one fault in their order.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace coordinator::report {

class FaultChecks {
 public:
  explicit FaultChecks(const workloads::evidence::Names& names) : names_(names) {}
  void add(const workloads::evidence::Event& event);
  std::vector<std::string> reasons() const { return reasons_; }  // what keeps the run from proving anything

 private:
  const workloads::evidence::Names& names_;
  std::map<workloads::evidence::Id, bool> biting_;
  std::vector<std::string> reasons_;
};

}  // namespace coordinator::report
