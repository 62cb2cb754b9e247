// What is broken by whom: two faults that would take the same aspect of one service are refused, and so is any fault of
// a service that another has left broken. Not thread-safe: FaultDesk's mutex guards it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/faults/journal.h"
#include "common/base/result.h"

namespace agent {

class FaultClaims {
 public:
  struct Broken {
    std::string service;  // "" for the cluster
    std::string kind;
    std::string task;
    bool dirty = false;  // its revert failed
  };

  common::base::Result<void> take(const faults::UndoRecord& record);  // conflict: who has it
  void release(const std::string& task);
  void keep_dirty(const faults::UndoRecord& record);                          // it could not be reverted
  std::map<std::string, faults::UndoRecord> dirty() const { return dirty_; }  // by task
  std::vector<Broken> all() const;

 private:
  std::map<std::string, faults::UndoRecord> taken_;  // by task; as it was when it was taken
  std::map<std::string, faults::UndoRecord> dirty_;
};

}  // namespace agent
