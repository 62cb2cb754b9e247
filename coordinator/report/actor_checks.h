// What every actor of a run must have done for the run to be a verdict on Kafka: every accepted produce() call was
// answered by one delivery report (else *we* lost one), and every group or reader by hand that owned a partition was
// handed something (else nothing is known of what consumers see). Pure; fed with the events of the run.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "workloads/evidence/event.h"
#include "workloads/evidence/names.h"

namespace coordinator::report {

// A reader by hand that restarts is a new consumer (`bystander.503084ad`) and the same reader.
std::string without_incarnation(const std::string& consumer);

class ActorChecks {
 public:
  explicit ActorChecks(const workloads::evidence::Names& names) : names_(names) {}
  void add(const workloads::evidence::Event& event);
  std::vector<std::string> reasons() const;  // what keeps the run from proving anything, a line each

 private:
  struct Consumer {
    std::string reader;  // the group, or the reader by hand
    bool owned = false;
    bool delivered = false;
    bool audit = false;
  };
  const workloads::evidence::Names& names_;
  std::map<workloads::evidence::Id, Consumer> consumers_;
  std::vector<std::string> miscounted_;
  bool acked_ = false;
};

}  // namespace coordinator::report
