#include "coordinator/conductor.h"

#include <algorithm>
#include <exception>

#include <nlohmann/json.hpp>

#include "common/base/log.h"
#include "coordinator/run_names.h"
#include "coordinator/write_file.h"

namespace coordinator {

using common::base::Result;

Result<std::unique_ptr<Conductor>> Conductor::create(Setup setup) {
  auto record = RunRecord::open(setup.directory);
  if (record.has_error()) return record.error();
  return std::unique_ptr<Conductor>(new Conductor(std::move(setup), std::move(*record)));
}

Conductor::Conductor(Setup setup, std::unique_ptr<RunRecord> record)
    : setup_(std::move(setup)), suffix_(suffix_of_run(setup_.plan.run)), record_(std::move(record)) {
  seen_ = record_->state();
}

Conductor::~Conductor() {
  suspend();
}

void Conductor::start() {
  thread_ = std::jthread([this] { run(); });
}

void Conductor::abort() {
  auto now = Asked::nothing;
  if (!asked_.compare_exchange_strong(now, Asked::abort)) asked_.store(Asked::abort_now);
  changes_.announce();
}

void Conductor::go(const std::string& hold) {
  // The file is what the conductor waits for: people without the API create it by hand, and it survives us.
  const auto written = write_file(setup_.directory.path() + "/go-" + hold, "");
  if (written.has_error()) common::base::log(common::base::Level::error, "go", {{"why", written.error().what}});
  changes_.announce();
}

void Conductor::suspend() {
  auto now = Asked::nothing;
  asked_.compare_exchange_strong(now, Asked::suspend);
  changes_.announce();
}

bool Conductor::wait_for(std::chrono::milliseconds span) const {
  const auto deadline = std::chrono::steady_clock::now() + span;
  for (;;) {
    const auto seen = changes_.count();
    if (ended_.load()) return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    changes_.wait_beyond(seen, deadline);
  }
}

report::LiveState Conductor::live() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

RunState Conductor::state() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::optional<report::Report> Conductor::report() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

// ---- the story ---------------------------------------------------------------------------------------------------

void Conductor::run() {
  try {
    story();
  } catch (const std::exception& error) {
    // A library threw: the thread's edge. Faults end by their leases, the run's directory says why it stands still.
    common::base::log(common::base::Level::error, "the conductor ended by an exception", {{"why", error.what()}});
    record_->problem(std::string("the conductor ended by an exception: ") + error.what());
  }
  publish();
  ended_.store(true);
  changes_.announce();
}

void Conductor::story() {
  began_ = std::chrono::steady_clock::now();
  const auto planned = std::chrono::nanoseconds(longest(setup_.plan));
  overall_deadline_ = began_ + planned + setup_.timing.slack;
  tasks_ = std::make_unique<RunTasks>(*record_, setup_.fleet, setup_.client, setup_.timing.session, changes_);
  tasks_->attach();
  adopt_faults();
  if (tasks_->known(kObserveTask)) observer_ = kObserveTask;

  auto& state = record_->state();
  if (state.state == "done") {
    // An agent that was away when the run ended: what it still has is pulled, and the run is judged again.
    if (tasks_->incomplete().empty()) return;
    phases_over_ = true;
    collect();
    if (asked_.load() != Asked::suspend) judge();
    return;
  }
  live_judge_ =
      std::make_unique<LiveJudge>(record_->directory().evidence_folder(), scenario::waived_kinds(setup_.plan.waivers),
                                  setup_.timing.live_judge, [this] { changes_.announce(); });
  phases_over_ = state.state != "planned" && state.state != "running";
  if (!phases_over_) {
    enter("running");
    if (prepare()) run_phases();
  }
  revert_faults();
  if (asked_.load() == Asked::suspend) {
    record_->event("suspended");
    record_->save();
    return;
  }
  state.aborted = state.aborted || asked_.load() != Asked::nothing;
  drain();
  audit();
  collect();
  if (asked_.load() == Asked::suspend) return;
  judge();
}

void Conductor::enter(const std::string& state) {
  if (record_->state().state == state) return;
  record_->state().state = state;
  record_->event(state);
  record_->save();
  publish();
}

bool Conductor::interrupted(Patience patience) const {
  if (patience == Patience::unconditional) return false;
  const auto asked = asked_.load();
  if (asked == Asked::abort_now || asked == Asked::suspend) return true;
  return patience == Patience::phases && (asked == Asked::abort || phases_over_);
}

Conductor::Waited Conductor::wait(std::chrono::milliseconds span, Patience patience, const Predicate& predicate) {
  const auto deadline = std::min(std::chrono::steady_clock::now() + span, overall_deadline_);
  for (;;) {
    const auto seen = changes_.count();
    tasks_->sync();
    track_faults();
    // Whatever went wrong with us ends the phases: what would follow could not be judged.
    if (record_->state().infrastructure.size() > problems_known_) {
      problems_known_ = record_->state().infrastructure.size();
      phases_over_ = true;
    }
    watch_findings();
    publish();
    if (predicate()) return Waited::held;
    if (interrupted(patience)) return Waited::interrupted;
    if (std::chrono::steady_clock::now() >= deadline) {
      if (deadline == overall_deadline_) record_->problem("the run took longer than all its deadlines together");
      return Waited::deadline;
    }
    changes_.wait_beyond(seen, deadline);
  }
}

// `stop_on: violation`: what is proved needs no more phases, and the cluster is still as it was when it happened.
void Conductor::watch_findings() {
  auto& state = record_->state();
  if (!setup_.plan.stop_on_violation || phases_over_ || !live_judge_) return;
  const auto findings = live_judge_->findings();
  if (!findings.violated()) return;
  phases_over_ = true;
  state.stopped = "a violation was proved: " + findings.worst.front().explanation;
  record_->event("stopped", {{"why", state.stopped}, {"phase", state.phase}});
  record_->save();
}

// ---- what others see ---------------------------------------------------------------------------------------------

namespace {

void add_producer(report::LiveState& live, const ProduceNumbers& numbers) {
  live.sent += numbers.sent;
  live.acked += numbers.acked;
  live.refused += numbers.refused;
  live.unknown += numbers.unknown;
  live.in_flight += numbers.in_flight;
  live.acked_rate += numbers.rate;
  // Percentiles of several producers cannot be added: the slowest one is shown.
  live.ack_p50_ms = std::max(live.ack_p50_ms, numbers.p50_ms);
  live.ack_p99_ms = std::max(live.ack_p99_ms, numbers.p99_ms);
}

std::int64_t largest_lag(const Observation& seen) {
  std::int64_t largest = -1;
  for (const auto& [group, view] : seen.groups)
    for (const auto& [partition, lag] : view.lag) largest = std::max(largest, lag);
  return largest;
}

}  // namespace

void Conductor::publish() {
  report::LiveState live;
  live.phase = record_->state().state == "running" ? record_->state().phase : record_->state().state;
  if (live.phase.empty() || live.phase == "planned") live.phase = "setup";
  live.elapsed = std::chrono::nanoseconds(std::chrono::steady_clock::now() - began_).count();
  live.waiting_for = waiting_for_;
  for (const auto& workload : setup_.plan.workloads) {
    if (!tasks_ || !tasks_->known(workload.task)) continue;
    const auto view = tasks_->view(workload.task);
    if (workload.sends()) add_producer(live, produce_numbers(view.status.progress));
    if (workload.kind == "consume") live.delivered += consume_numbers(view.status.progress).delivered;
  }
  if (tasks_ && !observer_.empty()) live.lag = largest_lag(observation_from(tasks_->view(observer_).status.progress));
  for (const auto& [task, step] : faults_) {
    const auto seen = fault_seen_.find(task);
    if (seen == fault_seen_.end()) continue;
    const Nanos gone = std::chrono::nanoseconds(std::chrono::steady_clock::now() - seen->second.since).count();
    live.faults.push_back(
        {step.name, seen->second.state, gone, seen->second.state == "active" ? step.duration - gone : 0});
  }
  if (live_judge_) live.findings = live_judge_->findings();
  const std::lock_guard lock(mutex_);
  live_ = std::move(live);
  seen_ = record_->state();
}

}  // namespace coordinator
