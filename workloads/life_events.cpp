#include "workloads/life_events.h"

#include <nlohmann/json.hpp>

#include "common/base/log.h"
#include "workloads/kafka/wakeup.h"

namespace workloads {

using common::base::kMillisecond;
using evidence::FaultState;

void LifeEvents::ask(const common::protocol::TaskEvent& event) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(event);
  progress_[event.id] = "asked";
}

nlohmann::json LifeEvents::progress() const {
  const std::lock_guard lock(mutex_);
  nlohmann::json all = nlohmann::json::object();
  for (const auto& [id, state] : progress_) all[id] = state;
  return all;
}

void LifeEvents::begin_next(const std::stop_token& stop) {
  if (now_) return;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return;
    now_ = waiting_.front();
    waiting_.pop_front();
    progress_[now_->id] = "under way";
  }
  felt_ = false;
  note(FaultState::injecting, "");
  if (now_->event != "pause") return;
  felt("the client is left alone");
  stay(stop);
  back("the client is served again");
}

void LifeEvents::gone(const std::string& how, const std::stop_token& stop) {
  if (!ends_client()) return;
  felt(how);
  stay(stop);
}

void LifeEvents::back(const std::string& as) {
  if (!away()) return;
  note(FaultState::reverting, "");
  note(FaultState::reverted, as);
  const std::lock_guard lock(mutex_);
  progress_[now_->id] = "over";
  now_.reset();
}

void LifeEvents::felt(const std::string& proof) {
  felt_ = true;
  note(FaultState::active, proof);
  // Told before the silence: nobody flushes during it. What a full disk keeps is written later.
  (void)context_.evidence.flush();
}

void LifeEvents::stay(const std::stop_token& stop) const {
  kafka::Wakeup pause;
  const std::stop_callback wake(stop, [&pause] { pause.signal(); });
  if (!stop.stop_requested()) pause.wait_until(context_.clock.now() + now_->for_ms * kMillisecond);
}

void LifeEvents::note(FaultState state, const std::string& proof) {
  evidence::Names& names = context_.evidence.names();
  context_.evidence.add(evidence::Fault{.fault = names.intern(now_->id),
                                        .kind = names.intern(now_->event),
                                        .target = names.intern(context_.task),
                                        .state = state,
                                        .at = context_.clock.now(),
                                        .host = names.intern(context_.host),
                                        .proof = proof.empty() ? evidence::kNoId : names.intern(proof)});
}

}  // namespace workloads
