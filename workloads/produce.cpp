#include "workloads/produce.h"

#include <algorithm>
#include <mutex>

#include <nlohmann/json.hpp>

#include "common/protocol/workload_specs.h"
#include "workloads/backoff.h"
#include "workloads/housekeeping.h"
#include "workloads/life_events.h"
#include "workloads/produce_incarnation.h"

namespace workloads {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kMillisecond;
using common::base::kSecond;
using common::base::Nanos;
using common::base::Result;
using common::protocol::ProduceSpec;

namespace {

class Produce final : public Workload {
 public:
  Produce(ProduceSpec spec, const WorkloadContext& context)
      : spec_(std::move(spec)), context_(context), payload_(spec_) {
    acked_to_.resize(static_cast<std::size_t>(spec_.partitions));
  }

  Result<void> run(std::stop_token stop) override;
  nlohmann::json progress() const override;
  Result<void> happen(const common::protocol::TaskEvent& event) override {
    events_.ask(event);
    return {};
  }

 private:
  Result<void> drive(std::stop_token stop);
  Result<void> live(const std::stop_token& stop);
  Result<void> begin_incarnation();
  void end_incarnation(Nanos deadline);
  void go_away(const std::stop_token& stop);
  bool finished(Nanos now) const;
  Nanos next_event(Nanos now, bool blocked) const;
  Result<void> keep_house(Nanos now);
  void tell(Nanos now);

  const ProduceSpec spec_;
  const WorkloadContext context_;
  Payload payload_;
  bool record_keys_ = true;
  LifeEvents events_{context_};
  std::unique_ptr<ProduceIncarnation> incarnation_;
  Pace pace_{0, 0};
  Nanos started_ = 0;
  Housekeeping house_{context_.evidence};
  std::int64_t settled_ = 0;  // messages of the pace that were accepted or refused
  Nanos rate_at_ = 0;
  std::int64_t rate_acked_ = 0;

  struct Totals {  // of all incarnations
    std::int64_t sent = 0, acked = 0, refused = 0, unknown = 0;
  };
  Totals past_;  // of those that ended

  mutable std::mutex mutex_;  // guards what progress() reads, below
  Totals totals_;
  std::int64_t in_flight_ = 0;
  std::vector<std::int64_t> acked_to_;
  double p50_ms_ = 0, p99_ms_ = 0, rate_ = 0;
  std::int64_t incarnations_ = 0;
};

Result<void> Produce::begin_incarnation() {
  auto started = ProduceIncarnation::start(spec_, context_, payload_, record_keys_);
  if (!started) return started.error();
  incarnation_ = std::move(*started);
  const std::lock_guard lock(mutex_);
  ++incarnations_;
  return {};
}

Result<void> Produce::run(std::stop_token stop) {
  if (auto begun = begin_incarnation(); !begun) return begun;
  auto result = incarnation_->check_topic(stop);
  record_keys_ = incarnation_->records_keys();
  if (result) result = drive(stop);
  if (incarnation_ != nullptr) end_incarnation(context_.clock.now() + spec_.drain_ms * kMillisecond);
  events_.back("its task ends");
  if (auto flushed = context_.evidence.flush(); !flushed && result) return flushed.error();
  return result;
}

bool Produce::finished(Nanos now) const {
  return (spec_.max_messages > 0 && settled_ >= spec_.max_messages) ||
         (spec_.duration_ms > 0 && now - started_ >= spec_.duration_ms * kMillisecond);
}

Result<void> Produce::drive(std::stop_token stop) {
  started_ = rate_at_ = context_.clock.now();
  pace_ = Pace(started_, spec_.rate);
  Backoff backoff(context_.clock);
  while (!stop.stop_requested()) {
    backoff.begun();
    if (auto lived = live(stop); !lived) return lived;
    if (stop.stop_requested() || finished(context_.clock.now())) break;
    if (events_.ends_client()) {
      go_away(stop);
    } else {
      // The instance is beyond use. What it had not confirmed is unknown; a new one, with new numbers, goes on.
      end_incarnation(context_.clock.now() + kSecond);
      incarnation_.reset();
      backoff.wait(stop);
    }
    if (stop.stop_requested()) break;
    if (auto begun = begin_incarnation(); !begun) return begun;
  }
  return {};
}

// One incarnation, until a stop, the end of the work, an event that ends it, or until it is of no use any more. A stop
// may wake it from another thread: it outlives this.
Result<void> Produce::live(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { incarnation_->producer().wakeup().signal(); });
  while (!stop.stop_requested() && !incarnation_->unusable()) {
    const Nanos now = context_.clock.now();
    if (finished(now)) return {};
    events_.begin_next(stop);
    if (events_.ends_client()) return {};
    const std::int64_t left = spec_.max_messages > 0 ? spec_.max_messages - settled_ : INT64_MAX;
    const std::int64_t due = pace_.due(settled_, now, left);
    auto settled = incarnation_->turn(pace_, settled_, due);
    if (!settled) return settled.error();
    settled_ += *settled;
    incarnation_->poll();
    if (house_.due(now))
      if (auto kept = keep_house(now); !kept) return kept;
    if (*settled == 0) incarnation_->producer().wakeup().wait_until(next_event(now, due > 0));
  }
  return {};
}

// With messages due, only a delivery report makes room for them.
Nanos Produce::next_event(Nanos now, bool blocked) const {
  const Nanos house = std::max(house_.due_at(), now);
  if (blocked || !pace_.open_loop()) return house;
  return std::min(house, pace_.intended(settled_, now));
}

Result<void> Produce::keep_house(Nanos now) {
  incarnation_->tick(now);
  if (events_.away() && incarnation_->ledger().acked_count() > 0) events_.back("back as " + incarnation_->name());
  tell(now);
  return house_.done(now);
}

// Killed with messages in flight: what has no report then is unknown.
void Produce::go_away(const std::stop_token& stop) {
  const bool killed = events_.kills();
  const std::string how =
      killed ? " is gone with " + std::to_string(incarnation_->in_flight()) + " messages in flight" : " has ended";
  const std::string name = incarnation_->name();
  end_incarnation(context_.clock.now() + (killed ? 0 : spec_.drain_ms * kMillisecond));
  incarnation_.reset();
  events_.gone(name + how, stop);
}

void Produce::end_incarnation(Nanos deadline) {
  incarnation_->end(deadline);
  tell(context_.clock.now());
  past_ = totals_;
}

void Produce::tell(Nanos now) {
  const ProduceLedger& ledger = incarnation_->ledger();
  const std::lock_guard lock(mutex_);
  totals_ = {.sent = past_.sent + ledger.accepted(),
             .acked = past_.acked + ledger.acked_count(),
             .refused = past_.refused + ledger.refused_count(),
             .unknown = past_.unknown + ledger.unknown_count()};
  in_flight_ = incarnation_->in_flight();
  for (std::int32_t partition = 0; partition < spec_.partitions; ++partition)
    acked_to_[partition] = std::max(acked_to_[partition], ledger.acked_to(partition));
  p50_ms_ = quantile_ms(incarnation_->ack_latency().last_second(), 0.50);
  p99_ms_ = quantile_ms(incarnation_->ack_latency().last_second(), 0.99);
  if (now - rate_at_ < kSecond) return;
  rate_ = static_cast<double>(totals_.acked - rate_acked_) * 1e9 / static_cast<double>(now - rate_at_);
  rate_at_ = now;
  rate_acked_ = totals_.acked;
}

nlohmann::json Produce::progress() const {
  const std::lock_guard lock(mutex_);
  nlohmann::json partitions = nlohmann::json::object();
  for (std::size_t i = 0; i < acked_to_.size(); ++i) partitions[std::to_string(i)] = {{"acked_to", acked_to_[i]}};
  return {{"sent", totals_.sent},
          {"acked", totals_.acked},
          {"refused", totals_.refused},
          {"unknown", totals_.unknown},
          {"in_flight", in_flight_},
          {"partitions", std::move(partitions)},
          {"rate", rate_},
          {"incarnations", incarnations_},
          {"events", events_.progress()},
          {"ack_ms", {{"p50", p50_ms_}, {"p99", p99_ms_}}}};
}

}  // namespace

Result<std::unique_ptr<Workload>> make_produce(const nlohmann::json& spec, const WorkloadContext& context) {
  auto parsed = common::protocol::produce_spec_from(spec);
  if (!parsed) return parsed.error();
  return std::unique_ptr<Workload>(std::make_unique<Produce>(std::move(*parsed), context));
}

}  // namespace workloads
