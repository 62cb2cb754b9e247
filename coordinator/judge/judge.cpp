#include "coordinator/judge/judge.h"

#include "coordinator/judge/parts.h"
#include "coordinator/judge/verdict.h"

namespace coordinator::judge {

Judge::Judge(const workloads::evidence::Names& names, unsigned threads)
    : store_(std::make_unique<Store>(names)), parts_(std::make_unique<Parts>(*store_, threads)) {}
Judge::~Judge() = default;

void Judge::add(const workloads::evidence::Event& event, std::int64_t line) {
  store_->add(event, line);
}

JudgeResult Judge::result() const {
  parts_->refresh(false, false);
  return pronounce(*store_, *parts_, false);
}

JudgeResult Judge::so_far(bool holes) const {
  if (store_->ended && !holes) return result();
  parts_->refresh(true, holes);
  return pronounce(*store_, *parts_, true);
}

}  // namespace coordinator::judge
