// The end of a run: producers stop, consumers read to the end, the cluster heals, an audit reads everything, all
// evidence comes home, and only if nothing is missing the history gets its End.
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/base/json_text.h"
#include "common/protocol/workload_specs.h"
#include "coordinator/conductor.h"
#include "coordinator/judge/result.h"
#include "coordinator/report/report_json.h"
#include "coordinator/write_file.h"

namespace coordinator {

using nlohmann::json;

namespace {

constexpr std::string_view kMissing = "evidence is not here to its end: ";  // said anew each time it is collected

std::chrono::milliseconds to_ms(Nanos span) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds(span));
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

std::vector<std::string> Conductor::tasks_of_kind(const std::string& kind) const {
  std::vector<std::string> names;
  for (const auto& [name, task] : record_->state().tasks)
    if (task.kind == kind) names.push_back(name);
  return names;
}

std::vector<std::string> Conductor::workloads_that(const Wanted& wanted) const {
  std::vector<std::string> names;
  for (const auto& workload : setup_.plan.workloads)
    if (wanted(workload) && tasks_->known(workload.task)) names.push_back(workload.task);
  return names;
}

void Conductor::stop_tasks(const std::vector<std::string>& names, std::chrono::milliseconds span) {
  for (const auto& name : names) tasks_->ask_stop(name);
  const auto ended = [&] {
    for (const auto& name : names)
      // What runs on a lost agent is waited for when the evidence is collected, not here.
      if (!tasks_->ended(name) && !tasks_->agent_lost(tasks_->agent_of(name))) return false;
    return true;
  };
  if (wait(span, Patience::ending, ended) != Waited::deadline) return;
  std::vector<std::string> late;
  for (const auto& name : names)
    if (!tasks_->ended(name)) late.push_back(name);
  record_->problem("did not stop in time: " + listed(late));
}

// ---- drain -------------------------------------------------------------------------------------------------------

// What sends by itself stops first; then what processes, once it has come to the end of its input, and what only reads
// last. The end is that of the log: a transaction that is still open keeps readers from it.
void Conductor::drain() {
  if (record_->state().state == "running" || record_->state().state == "planned") enter("draining");
  if (record_->state().state != "draining") return;
  record_->evidence().phase("drain", common::base::steady_now());
  const auto sources = workloads_that([](const auto& workload) { return !workload.reads(); });
  const auto processors = workloads_that([](const auto& workload) { return workload.processes(); });
  const auto readers = workloads_that([](const auto& workload) { return !workload.sends(); });
  if (!ending_at_once() && !(sources.empty() && processors.empty())) {
    stop_tasks(sources, to_ms(setup_.plan.drain_deadline));
    await_healed();
    if (!processors.empty()) {
      drain_readers("processors", [](const auto& workload) { return workload.processes(); });
      stop_tasks(processors, to_ms(setup_.plan.drain_deadline));
    }
    drain_readers("consumers", [](const auto& workload) { return !workload.sends(); });
  }
  if (asked_.load() == Asked::suspend) return;
  const auto span = ending_at_once() ? std::chrono::milliseconds(0) : setup_.timing.stop;
  stop_tasks(readers, span);
  if (!ending_at_once()) return;
  stop_tasks(processors, span);
  stop_tasks(sources, span);
}

// A position is held against an end that was asked for after the position was seen. So when all of several processors
// are at their ends none of them writes any more, in whatever order they feed each other.
void Conductor::drain_readers(const std::string& what, const Wanted& wanted) {
  waiting_for_ = what + " at the end of the log";
  Nanos since = common::base::steady_now();
  Readers readers = reached_by(wanted);
  const auto waited = wait(to_ms(setup_.plan.drain_deadline), Patience::ending, [&] {
    if (observer_silent()) return true;
    const auto ended = at_the_end(readers, since);
    if (ended == false) {
      since = common::base::steady_now();
      readers = reached_by(wanted);
    }
    return ended == true;
  });
  waiting_for_.clear();
  if (waited == Waited::deadline) record_->problem("the " + what + " did not reach the end of the log in time");
}

Conductor::Readers Conductor::reached_by(const Wanted& wanted) const {
  Readers readers;
  for (const auto& workload : setup_.plan.workloads) {
    if (!wanted(workload)) continue;
    Reached& reached = readers[workload.group.empty() ? "task " + workload.task : workload.group];
    reached.topic = workload.topic_read();
    if (tasks_->ended(workload.task)) continue;  // its members take over, or nobody does
    const auto numbers = consume_numbers(tasks_->view(workload.task).status.progress);
    for (const auto& [partition, next] : numbers.positions) {
      auto& position = reached.positions[partition];
      position = std::max(position, next);
    }
  }
  return readers;
}

// Nothing: some end was not told since then.
std::optional<bool> Conductor::at_the_end(const Readers& readers, Nanos since) {
  const auto seen = fresh_observation(since);
  if (!seen.has_value()) return std::nullopt;
  bool all = true;
  for (const auto& [reader, reached] : readers) {
    const bool by_hand = reader.compare(0, 5, "task ") == 0;
    for (const auto& [partition, view] : partitions_of(*seen, reached.topic + suffix_)) {
      const auto own = reached.positions.find(partition);
      if (own == reached.positions.end() && by_hand) continue;  // a reader by hand reads what it was told to
      const auto asked = on_our_clock(view.end_asked_at);
      if (view.end < 0 || !asked.has_value() || *asked <= since) return std::nullopt;
      const std::int64_t position = own == reached.positions.end() ? -1 : own->second;
      if (position < view.end && view.end > std::max<std::int64_t>(0, view.log_start)) all = false;
    }
  }
  return all;
}

// Nothing more is heard of the cluster: to wait for it would be to wait for a deadline.
bool Conductor::observer_silent() const {
  return !tasks_->known(observer_) || tasks_->ended(observer_) || tasks_->agent_lost(tasks_->agent_of(observer_));
}

void Conductor::await_healed() {
  const auto whole = scenario::parse_condition("isr == full");
  if (whole.has_error() || observer_silent()) return;
  const Nanos asked = common::base::steady_now();
  waiting_for_ = "isr == full";
  const auto waited = wait(setup_.timing.healed, Patience::ending, [&] {
    return observer_silent() || (fresh_observation(asked).has_value() && gate_holds(*whole));
  });
  waiting_for_.clear();
  if (waited == Waited::deadline) record_->problem("the cluster did not heal in time: an ISR is not full");
}

// ---- audit -------------------------------------------------------------------------------------------------------

void Conductor::audit() {
  if (ending_at_once()) return;
  if (record_->state().state == "draining") enter("auditing");
  if (record_->state().state != "auditing") return;
  record_->evidence().phase("audit", common::base::steady_now());
  const auto topics = record_->state().tasks.find(kTopicsTask);
  if (topics == record_->state().tasks.end() || topics->second.state != "done") return;  // there is nothing to audit
  // Only an audit proves absence, so an agent that was lost is waited for.
  wait(setup_.timing.evidence, Patience::ending, [&] { return !tasks_->answering_agent(main_agent()).empty(); });
  std::vector<std::string> audits;
  for (const auto& topic : setup_.plan.topics) {
    const std::string agent = tasks_->answering_agent(main_agent());
    if (agent.empty()) {
      record_->problem("no audit: no agent answers");
      return;
    }
    common::protocol::AuditSpec spec;
    spec.cluster.bootstrap = setup_.bootstrap;
    spec.topic = topic.name + suffix_;
    spec.deadline_ms = to_ms(setup_.plan.audit_deadline).count();
    const std::string task = "audit." + topic.name;
    const auto started = tasks_->start(task, agent, "audit", to_json(spec), setup_.timing.ask);
    if (started.has_error()) {
      record_->problem(started.error().what);
      continue;
    }
    audits.push_back(task);
  }
  waiting_for_ = "every partition is read";
  const auto waited = wait(to_ms(setup_.plan.audit_deadline) + setup_.timing.stop, Patience::ending, [&] {
    for (const auto& task : audits)
      if (!tasks_->ended(task) && !tasks_->agent_lost(tasks_->agent_of(task))) return false;
    return true;
  });
  waiting_for_.clear();
  if (waited == Waited::deadline) record_->problem("the audit did not end in time");
  if (waited == Waited::deadline || ending_at_once())
    for (const auto& task : audits) tasks_->ask_stop(task);
}

// Ours alone, by name; a topic that stays is a nuisance and no matter of the verdict.
void Conductor::remove_topics() {
  const auto topics = record_->state().tasks.find(kTopicsTask);
  const std::string agent = tasks_->answering_agent(main_agent());
  if (topics == record_->state().tasks.end() || agent.empty()) return;
  if (topics->second.state != "done" && topics->second.state != "lost") return;  // there is none
  common::protocol::TopicsSpec spec;
  spec.cluster.bootstrap = setup_.bootstrap;
  spec.topics = setup_.plan.topics;
  for (auto& topic : spec.topics) topic.name += suffix_;
  spec.remove = true;
  const auto started = tasks_->start(kRemoveTask, agent, "topics", to_json(spec), setup_.timing.ask);
  if (started.has_error()) record_->event("topics not removed", {{"why", started.error().what}});
  wait(setup_.timing.topics, Patience::ending, [&] { return tasks_->ended(kRemoveTask) || tasks_->agent_lost(agent); });
}

// ---- evidence and verdict ----------------------------------------------------------------------------------------

void Conductor::collect() {
  if (asked_.load() == Asked::suspend) return;
  std::erase_if(record_->state().infrastructure,
                [](const std::string& known) { return known.compare(0, kMissing.size(), kMissing) == 0; });
  stop_tasks(tasks_of_kind("observe"), ending_at_once() ? std::chrono::milliseconds(0) : setup_.timing.stop);
  // Of an agent that was lost when they were to be stopped.
  for (const char* kind : {"produce", "transact", "consume"})
    stop_tasks(tasks_of_kind(kind), ending_at_once() ? std::chrono::milliseconds(0) : setup_.timing.stop);
  remove_topics();
  waiting_for_ = "all evidence is here";
  wait(setup_.timing.evidence, Patience::ending, [&] {
    for (const auto& name : tasks_->incomplete())
      if (tasks_->view(name).problem.empty()) return false;  // with a problem nothing more will come
    return true;
  });
  waiting_for_.clear();
  const auto missing = tasks_->incomplete();
  if (!missing.empty()) record_->problem(std::string(kMissing) + listed(missing));
}

bool Conductor::nothing_is_missing() const {
  if (record_->disk_failed() || ending_at_once()) return false;
  bool audited = !setup_.plan.topics.empty();
  for (const auto& topic : setup_.plan.topics) audited = audited && tasks_->known("audit." + topic.name);
  for (const auto& [name, task] : record_->state().tasks) {
    const bool fault = name.compare(0, 6, "fault.") == 0;
    if (name == kRemoveTask || (fault && task.state == "refused")) continue;
    // A fault that failed has told all that it knows; a workload that failed may have been about to tell more.
    if (!task.evidence_complete || (task.state != "done" && !(fault && task.state != "lost"))) return false;
  }
  return audited;
}

void Conductor::judge() {
  enter("judging");
  live_judge_.reset();  // its memory is needed for the verdict
  if (nothing_is_missing()) {
    const auto ended = record_->evidence().end();
    if (ended.has_error()) record_->problem("the evidence's end cannot be written: " + ended.error().what);
  }
  record_->save();
  auto made = setup_.judge(record_->directory());
  if (made.has_error()) {
    record_->problem("the run cannot be judged: " + made.error().what);
  } else {
    const auto written =
        write_file(record_->directory().report_file(), common::base::json_text(to_json(*made), 1) + "\n");
    if (written.has_error()) record_->problem(written.error().what);
    const auto judged = write_file(record_->directory().verdict_file(),
                                   common::base::json_text(judge::to_json(made->judged, *made->names), 1) + "\n");
    if (judged.has_error()) record_->problem(judged.error().what);
    record_->event("verdict", {{"verdict", std::string(word(made->verdict))}, {"sentence", made->sentence}});
    const std::lock_guard lock(mutex_);
    report_ = std::move(*made);
  }
  enter("done");
}

}  // namespace coordinator
