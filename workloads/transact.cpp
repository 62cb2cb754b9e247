#include "workloads/transact.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "workloads/backoff.h"
#include "workloads/housekeeping.h"
#include "workloads/life_events.h"
#include "workloads/transact_progress.h"

namespace workloads {

using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using common::protocol::TransactSpec;

namespace {

class Transact final : public Workload {
 public:
  Transact(TransactSpec spec, const WorkloadContext& context)
      : spec_(std::move(spec)),
        context_(context),
        payload_(spec_.produce),
        plan_(spec_),
        progress_(spec_.produce.partitions) {}
  Result<void> run(std::stop_token stop) override;
  nlohmann::json progress() const override;
  Result<void> happen(const common::protocol::TaskEvent& event) override {
    events_.ask(event);
    return {};
  }

 private:
  Result<void> live(const std::stop_token& stop);
  void end_incarnation(const std::stop_token& stop);
  Result<bool> turn(Nanos now);  // whether something happened
  bool finished(Nanos now) const;
  Nanos next_event(Nanos now) const;
  Result<void> keep_house(Nanos now);

  const TransactSpec spec_;
  const WorkloadContext context_;
  Payload payload_;
  TransactPlan plan_;
  TransactProgress progress_;
  LifeEvents events_{context_};
  std::unique_ptr<TransactIncarnation> incarnation_;
  Pace pace_{0, 0};
  Nanos started_ = 0;
  Housekeeping house_{context_.evidence};
  std::int64_t settled_ = 0;  // messages of the pace that were accepted or refused
};

Result<void> Transact::run(std::stop_token stop) {
  Backoff backoff(context_.clock);
  for (bool first = true; !stop.stop_requested() && !(started_ > 0 && finished(context_.clock.now())); first = false) {
    backoff.begun();
    auto begun = TransactIncarnation::start(spec_, context_, payload_, plan_, stop);
    // What stopped an earlier incarnation may keep the next from starting for a while; the first one must start.
    if (!begun && (first || begun.error().kind != common::base::ErrorKind::infrastructure)) return begun.error();
    if (begun) {
      if (started_ == 0) pace_ = Pace(started_ = context_.clock.now(), spec_.produce.rate);
      incarnation_ = std::move(*begun);
      progress_.begun();
      auto lived = live(stop);
      end_incarnation(stop);
      if (!lived) return lived;
      if (events_.away()) continue;
    }
    if (auto flushed = context_.evidence.flush(); !flushed) return flushed;
    backoff.wait(stop);
  }
  events_.back("its task ends");
  return context_.evidence.flush();
}

Result<void> Transact::live(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { incarnation_->wakeup().signal(); });
  while (!stop.stop_requested() && !incarnation_->unusable()) {
    events_.begin_next(stop);
    if (events_.ends_client()) return {};
    const Nanos now = context_.clock.now();
    if (finished(now)) return {};
    auto busy = turn(now);
    if (!busy) return busy.error();
    incarnation_->poll();
    if (auto ended = incarnation_->end_due(context_.clock.now()); !ended) return ended;
    if (house_.due(now))
      if (auto kept = keep_house(now); !kept) return kept;
    if (!*busy) incarnation_->wakeup().wait_until(next_event(now));
  }
  return {};
}

void Transact::end_incarnation(const std::stop_token& stop) {
  const bool killed = events_.kills();
  const std::string how =
      !killed ? " has ended"
              : std::string(" is gone with ") + (incarnation_->open() ? "an open transaction" : "no transaction open");
  const std::string name = incarnation_->producing().name();
  if (killed) incarnation_->kill();
  if (!killed) incarnation_->end();
  progress_.tell(*incarnation_, context_.clock.now());
  progress_.ended();
  incarnation_.reset();
  events_.gone(name + how, stop);
}

Result<bool> Transact::turn(Nanos now) {
  if (spec_.processes()) {
    auto handled = incarnation_->process();
    if (!handled) return handled.error();
    return *handled > 0;
  }
  const std::int64_t left = spec_.produce.max_messages > 0 ? spec_.produce.max_messages - settled_ : INT64_MAX;
  const std::int64_t due = pace_.due(settled_, now, left);
  auto settled = incarnation_->turn(pace_, settled_, due);
  if (!settled) return settled.error();
  settled_ += *settled;
  return *settled > 0;
}

bool Transact::finished(Nanos now) const {
  return (spec_.produce.max_messages > 0 && settled_ >= spec_.produce.max_messages) ||
         (spec_.produce.duration_ms > 0 && now - started_ >= spec_.produce.duration_ms * kMillisecond);
}

Nanos Transact::next_event(Nanos now) const {
  const Nanos next = std::min(std::max(house_.due_at(), now), incarnation_->due_at());
  if (spec_.processes() || !pace_.open_loop()) return next;
  const Nanos intended = pace_.intended(settled_, now);
  return intended > now ? std::min(next, intended) : next;  // what is due and was not sent waits for room
}

Result<void> Transact::keep_house(Nanos now) {
  incarnation_->tick(now);
  const ConsumeIncarnation* reading = incarnation_->consuming();
  if (events_.away() && (reading == nullptr || reading->assigned_once()))
    events_.back("back as " + incarnation_->producing().name());
  progress_.tell(*incarnation_, now);
  return house_.done(now);
}

nlohmann::json Transact::progress() const {
  nlohmann::json told = progress_.json(spec_.processes());
  told["events"] = events_.progress();
  return told;
}

}  // namespace

Result<std::unique_ptr<Workload>> make_transact(const nlohmann::json& spec, const WorkloadContext& context) {
  auto parsed = common::protocol::transact_spec_from(spec);
  if (!parsed) return parsed.error();
  return std::unique_ptr<Workload>(std::make_unique<Transact>(std::move(*parsed), context));
}

}  // namespace workloads
