#include "workloads/evidence/names.h"

#include "common/base/assert.h"

namespace workloads::evidence {

Id Names::intern(std::string_view text) {
  if (const auto found = ids_.find(text); found != ids_.end()) return found->second;
  FIREDRILL_ASSERT(texts_.size() < kNoId);
  const Id id = static_cast<Id>(texts_.size());
  texts_.emplace_back(text);
  ids_.emplace(texts_.back(), id);
  return id;
}

Id Names::find(std::string_view text) const {
  const auto found = ids_.find(text);
  return found == ids_.end() ? kNoId : found->second;
}

const std::string& Names::text(Id id) const {
  static const std::string none;
  if (id == kNoId) return none;
  FIREDRILL_ASSERT(id < texts_.size());
  return texts_[id];
}

}  // namespace workloads::evidence
