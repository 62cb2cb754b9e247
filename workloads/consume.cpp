#include "workloads/consume.h"

#include <algorithm>
#include <mutex>

#include <nlohmann/json.hpp>

#include "workloads/backoff.h"
#include "workloads/consume_incarnation.h"
#include "workloads/housekeeping.h"
#include "workloads/life_events.h"

namespace workloads {

using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using common::protocol::ConsumeSpec;

namespace {

class Consume final : public Workload {
 public:
  Consume(ConsumeSpec spec, const WorkloadContext& context) : spec_(std::move(spec)), context_(context) {}
  Result<void> run(std::stop_token stop) override;
  nlohmann::json progress() const override;
  Result<void> happen(const common::protocol::TaskEvent& event) override {
    events_.ask(event);
    return {};
  }

 private:
  Result<void> drive(std::stop_token stop);
  Result<void> keep_house(Nanos now);
  void end_incarnation(const std::stop_token& stop);
  void tell(Nanos now);

  const ConsumeSpec spec_;
  const WorkloadContext context_;
  LifeEvents events_{context_};
  std::unique_ptr<ConsumeIncarnation> incarnation_;
  Housekeeping house_{context_.evidence};
  Nanos commit_at_ = 0;
  Nanos rate_at_ = 0;
  std::int64_t rate_delivered_ = 0;

  struct Totals {
    std::int64_t delivered = 0, foreign = 0, corrupt = 0, committed = 0;
  };
  Totals past_;

  mutable std::mutex mutex_;  // guards what progress() reads, below
  Totals totals_;
  std::map<std::int32_t, std::int64_t> positions_;
  bool ready_ = false;
  double rate_ = 0, p50_ms_ = 0, p99_ms_ = 0;
  std::int64_t incarnations_ = 0;
};

Result<void> Consume::run(std::stop_token stop) {
  Backoff backoff(context_.clock);
  for (bool first = true; !stop.stop_requested(); first = false) {
    backoff.begun();
    auto started = ConsumeIncarnation::start(spec_, context_, stop);
    // What stopped an earlier incarnation may keep the next from starting for a while; the first one must start.
    if (!started && (first || started.error().kind != common::base::ErrorKind::infrastructure)) return started.error();
    rate_at_ = context_.clock.now();
    if (started) {
      incarnation_ = std::move(*started);
      auto driven = drive(stop);
      end_incarnation(stop);
      if (!driven) return driven;
      if (events_.away()) continue;
    }
    // Fenced, or otherwise beyond use: a new incarnation goes on where the group's commits say.
    if (auto flushed = context_.evidence.flush(); !flushed) return flushed;
    backoff.wait(stop);
  }
  events_.back("its task ends");
  return context_.evidence.flush();
}

Result<void> Consume::drive(std::stop_token stop) {
  {
    const std::lock_guard lock(mutex_);
    ++incarnations_;
  }
  const std::stop_callback wake(stop, [this] { incarnation_->consumer().wakeup().signal(); });
  commit_at_ = context_.clock.now() + spec_.commit_interval_ms * kMillisecond;
  while (!stop.stop_requested() && !incarnation_->unusable()) {
    events_.begin_next(stop);
    if (events_.ends_client()) return {};
    const std::size_t handled = incarnation_->poll();
    if (events_.away() && incarnation_->assigned_once()) events_.back("back as " + incarnation_->name());
    const Nanos now = context_.clock.now();
    if (now >= commit_at_) {
      incarnation_->commit(now);
      commit_at_ = context_.clock.now() + spec_.commit_interval_ms * kMillisecond;
    }
    if (house_.due(now))
      if (auto kept = keep_house(now); !kept) return kept;
    if (handled == 0) incarnation_->consumer().wakeup().wait_until(std::min(house_.due_at(), commit_at_));
  }
  return {};
}

Result<void> Consume::keep_house(Nanos now) {
  incarnation_->tick(now);
  tell(now);
  return house_.done(now);
}

void Consume::end_incarnation(const std::stop_token& stop) {
  const bool killed = events_.kills();
  const std::string name = incarnation_->name();
  if (killed) incarnation_->kill();
  if (!killed) incarnation_->end();
  tell(context_.clock.now());
  past_ = totals_;
  incarnation_.reset();
  events_.gone(name + (killed ? " is gone without leaving" : " has left"), stop);
}

void Consume::tell(Nanos now) {
  const ReadLedger& ledger = incarnation_->ledger();
  const evidence::Histogram latency = incarnation_->end_to_end().last_second();
  const std::lock_guard lock(mutex_);
  totals_ = {.delivered = past_.delivered + ledger.delivered_count(),
             .foreign = past_.foreign + ledger.foreign_count(),
             .corrupt = past_.corrupt + ledger.corrupt_count(),
             .committed = past_.committed + incarnation_->committed_count()};
  positions_.clear();
  for (const auto& [partition, stream] : ledger.streams()) positions_[partition] = stream.next;
  ready_ = incarnation_->assigned_once();
  p50_ms_ = quantile_ms(latency, 0.50);
  p99_ms_ = quantile_ms(latency, 0.99);
  if (now - rate_at_ < kSecond) return;
  rate_ = static_cast<double>(totals_.delivered - rate_delivered_) * 1e9 / static_cast<double>(now - rate_at_);
  rate_at_ = now;
  rate_delivered_ = totals_.delivered;
}

nlohmann::json Consume::progress() const {
  const std::lock_guard lock(mutex_);
  nlohmann::json assigned = nlohmann::json::object();
  for (const auto& [partition, position] : positions_) assigned[std::to_string(partition)] = position;
  return {{"delivered", totals_.delivered},
          {"foreign", totals_.foreign},
          {"corrupt", totals_.corrupt},
          {"committed", totals_.committed},
          {"assigned", std::move(assigned)},
          {"ready", ready_},
          {"rate", rate_},
          {"incarnations", incarnations_},
          {"events", events_.progress()},
          {"end_to_end_ms", {{"p50", p50_ms_}, {"p99", p99_ms_}}}};
}

}  // namespace

Result<std::unique_ptr<Workload>> make_consume(const nlohmann::json& spec, const WorkloadContext& context) {
  auto parsed = common::protocol::consume_spec_from(spec);
  if (!parsed) return parsed.error();
  return std::unique_ptr<Workload>(std::make_unique<Consume>(std::move(*parsed), context));
}

}  // namespace workloads
