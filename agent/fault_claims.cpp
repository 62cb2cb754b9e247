#include "agent/fault_claims.h"

#include <algorithm>

#include "common/protocol/fault_catalogue.h"

namespace agent {

namespace base = common::base;
namespace protocol = common::protocol;

namespace {

// The first word that both have; a kind that is not known any more has everything.
std::string shared_aspect(const std::string& one, const std::string& other) {
  const auto* first = protocol::describe_fault(one);
  const auto* second = protocol::describe_fault(other);
  if (first == nullptr || second == nullptr) return "kind";
  const auto words = protocol::words_of(first->aspects);
  for (const auto& word : protocol::words_of(second->aspects))
    if (std::find(words.begin(), words.end(), word) != words.end()) return word;
  return "";
}

}  // namespace

base::Result<void> FaultClaims::take(const faults::UndoRecord& record) {
  const std::string name = record.service.empty() ? "the cluster" : record.service;
  for (const auto& [task, other] : taken_) {
    if (other.service != record.service) continue;
    if (dirty_.contains(task))
      return base::fail(base::ErrorKind::conflict,
                        name + " was left broken by " + task + "; POST /v1/revert-all tries again");
    if (const std::string aspect = shared_aspect(other.kind, record.kind); !aspect.empty())
      return base::fail(base::ErrorKind::conflict, name + " is broken by " + task + " (" + other.kind +
                                                       "), with which " + record.kind +
                                                       " cannot be composed: both take its " + aspect);
  }
  taken_[record.task] = record;
  return {};
}

void FaultClaims::release(const std::string& task) {
  taken_.erase(task);
  dirty_.erase(task);
}

void FaultClaims::keep_dirty(const faults::UndoRecord& record) {
  taken_[record.task] = record;
  dirty_[record.task] = record;
}

std::vector<FaultClaims::Broken> FaultClaims::all() const {
  std::vector<Broken> all;
  for (const auto& [task, record] : taken_) all.push_back({record.service, record.kind, task, dirty_.contains(task)});
  return all;
}

}  // namespace agent
