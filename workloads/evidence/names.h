// Interned strings: the same text always has the same Id, ids are dense from 0. Not thread-safe; whoever owns it guards
// it.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "workloads/evidence/event.h"

namespace workloads::evidence {

class Names {
 public:
  Id intern(std::string_view text);
  Id find(std::string_view text) const;  // kNoId if it was never interned
  const std::string& text(Id id) const;  // id must be one of ours; kNoId is ""
  std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;  // a deque: the keys below point into it
  std::unordered_map<std::string_view, Id> ids_;
};

}  // namespace workloads::evidence
