#include "agent/faults/fault_run.h"

#include <algorithm>

#include "agent/faults/revert.h"
#include "common/base/log.h"

namespace agent::faults {

namespace base = common::base;
using workloads::evidence::FaultState;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {
constexpr milliseconds kSlice{100};         // how late a reason to end may be noticed
constexpr milliseconds kBetweenLooks{500};  // between two looks whether it still bites
}  // namespace

base::Result<std::unique_ptr<FaultRun>> FaultRun::plan(const common::protocol::FaultSpec& spec, const FaultKind& kind,
                                                       std::unique_ptr<Fault> fault, UndoRecord record,
                                                       const Journal& journal) {
  record.undo = fault->undo();
  if (auto written = journal.write(record); written.has_error())
    return base::context(written.error(), "the undo record cannot be written, so nothing is broken");
  return std::unique_ptr<FaultRun>(new FaultRun(spec, kind, std::move(fault), std::move(record), journal));
}

FaultRun::FaultRun(const common::protocol::FaultSpec& spec, const FaultKind& kind, std::unique_ptr<Fault> fault,
                   UndoRecord record, const Journal& journal)
    : kind_(kind),
      fault_(std::move(fault)),
      record_(std::move(record)),
      journal_(journal),
      duration_(spec.duration_ms),
      lease_end_(Clock::now() + milliseconds(spec.lease_ms)) {}

void FaultRun::renew(milliseconds lease) {
  const std::lock_guard lock(mutex_);
  lease_end_ = Clock::now() + lease;
  changed_.notify_all();
}

std::string FaultRun::why_end(std::stop_token stop, const FaultWatch& watch) const {
  if (stop.stop_requested()) return "asked to stop";
  {
    const std::lock_guard lock(mutex_);
    if (Clock::now() >= lease_end_) return "nobody renewed the lease";
  }
  return watch.must_end();
}

// The proof that it was felt. Whatever it returns, something may have been done once the record says `injecting`.
base::Result<Felt> FaultRun::inject(std::stop_token stop, const FaultWatch& watch) {
  record_.state = "injecting";
  record_.ends_by =
      base::steady_now() + base::Nanos(std::chrono::nanoseconds(fault_->felt_within() + duration_).count());
  if (auto written = journal_.write(record_); written.has_error()) {
    record_.state = "planned";
    return base::context(written.error(), "the undo record cannot be written, so nothing is broken");
  }
  watch.tell({FaultState::injecting, base::steady_now(), ""});
  if (auto injected = fault_->inject(); injected.has_error()) return injected.error();
  const auto deadline = Clock::now() + fault_->felt_within();
  for (;;) {
    auto felt = fault_->felt(kSlice);
    if (felt.has_error()) return felt.error();
    if (*felt) return **felt;
    if (const std::string why = why_end(stop, watch); !why.empty())
      return base::fail(base::ErrorKind::timeout, "it was not felt yet when it had to end: " + why);
    if (Clock::now() >= deadline)
      return base::fail(base::ErrorKind::timeout,
                        "it was not felt within " + std::to_string(fault_->felt_within().count()) + " ms");
  }
}

// Its duration counts from when it was felt, not from when that was proved.
FaultRun::End FaultRun::wait_for_end(base::Nanos felt_at, std::stop_token stop, const FaultWatch& watch) {
  if (kind_.row->reverts_at_once) return {"at once"};
  const auto end = Clock::now() + std::chrono::nanoseconds(felt_at - base::steady_now()) + duration_;
  auto next_look = Clock::now() + kBetweenLooks;
  for (;;) {
    if (std::string why = why_end(stop, watch); !why.empty()) return {std::move(why)};
    if (Clock::now() >= end) return {"its duration is over"};
    if (Clock::now() >= next_look) {
      if (const auto felt = fault_->still_felt(); felt.has_error()) return {felt.error().what, false};
      next_look = Clock::now() + kBetweenLooks;
    }
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, stop, std::min({Clock::now() + kSlice, end, lease_end_}), [] { return false; });
  }
}

base::Result<void> FaultRun::run(std::stop_token stop, const FaultWatch& watch) {
  const auto felt = inject(stop, watch);
  End ended{"it failed"};
  if (felt.has_error()) {
    watch.tell({FaultState::failed, base::steady_now(), felt.error().what});
  } else {
    record_.state = "active";
    record_.ends_by = felt->at + base::Nanos(std::chrono::nanoseconds(duration_).count());
    // Only for a reader: `injecting` on disk would be reverted just the same.
    if (auto written = journal_.write(record_); written.has_error())
      base::log(base::Level::warning, "journal", {{"task", record_.task}, {"error", written.error().what}});
    watch.tell({FaultState::active, felt->at, felt->proof});
    ended = wait_for_end(felt->at, stop, watch);
    if (!ended.bites) watch.tell({FaultState::failed, base::steady_now(), "it bites no more: " + ended.why});
  }
  watch.tell({FaultState::reverting, base::steady_now(), ended.why});
  fault_.reset();
  revert(record_, journal_, &kind_);
  const bool reverted = record_.reverted();
  watch.tell({reverted ? FaultState::reverted : FaultState::failed, record_.ended_at,
              (reverted ? "" : "the revert failed: ") + record_.proof});
  if (felt.has_error()) return felt.error();
  if (!ended.bites) return base::fail(base::ErrorKind::infrastructure, "it stopped biting: " + ended.why);
  return {};
}

}  // namespace agent::faults
