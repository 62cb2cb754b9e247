#include "agent/faults/revival.h"

#include <algorithm>
#include <thread>

#include <nlohmann/json.hpp>

#include "agent/faults/command.h"
#include "agent/faults/probe.h"
#include "common/base/json_fields.h"
#include "common/base/log.h"

namespace agent::faults {

namespace base = common::base;
using nlohmann::json;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kProbe{500};
constexpr milliseconds kRest{50};         // between two looks at a service that is on its way
constexpr milliseconds kKilled{10'000};   // after SIGKILL; longer only in uninterruptible I/O
constexpr milliseconds kRestart{5'000};   // after a start that returned well: its process may still come
constexpr milliseconds kFirstRetry{250};  // after a start that failed; doubles

struct Undo {
  Service service;
  ProcessIdentity victim;
  std::int64_t signal = SIGKILL;
};

base::Result<Undo> undo_from(const json& value) {
  base::Problems problems;
  base::Fields fields(value, "undo", problems);
  Undo undo;
  if (const json* service = fields.object("service", true))
    undo.service = service_from(*service, "undo.service", problems);
  fields.required("signal", undo.signal, 1, 64);
  const json* victim = fields.object("victim", true);
  if (!problems.empty()) return to_error(problems);
  auto identity = process_identity_from(*victim);
  if (identity.has_error()) return identity.error();
  undo.victim = *identity;
  return undo;
}

// True if it was there and has been ended. What cannot be signalled (EPERM) was not signalled before either.
base::Result<bool> finish_off(const Undo& undo) {
  const auto victim = Process::open(undo.victim);
  if (victim.has_error()) return false;
  if (const auto sent = victim->send(static_cast<int>(undo.signal)); sent.has_error()) {
    if (sent.error().kind == base::ErrorKind::infrastructure) return sent.error();
    return false;
  }
  if (victim->exited_within(undo.service.stop_timeout)) return true;
  // It hangs in its own shutdown, from which nothing but its end leads back to a running service.
  [[maybe_unused]] const auto killed = victim->send(SIGKILL);
  if (victim->exited_within(kKilled)) return true;
  return base::fail(base::ErrorKind::timeout, "process " + std::to_string(undo.victim.pid) + " survives SIGKILL");
}

void await_earlier_start(const UndoRecord& record, Clock::time_point deadline) {
  if (!record.undo.contains("starting")) return;
  const auto identity = process_identity_from(record.undo["starting"]);
  if (identity.has_error()) return;
  const auto command = Process::open(*identity);
  if (command.has_error()) return;
  [[maybe_unused]] const bool ended = command->exited_within(std::chrono::ceil<milliseconds>(deadline - Clock::now()));
}

// Starts what does not run and looks until it answers.
class Revival {
 public:
  Revival(const Service& service, UndoRecord& record, const Journal& journal)
      : service_(service),
        record_(record),
        journal_(journal),
        deadline_(Clock::now() + service.start_timeout),
        last_deadline_(deadline_ + service.start_timeout) {}

  base::Result<std::string> run() {
    await_earlier_start(record_, deadline_);
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(deadline_ - Clock::now());
      const Probe look = probe(service_.address, std::clamp(left, milliseconds(1), kProbe));
      if (look.outcome == Probe::Outcome::answered) return proof(look);
      if (left <= milliseconds(0)) return given_up(look);
      if (process_of(service_).has_error() && Clock::now() >= next_start_) start();
      std::this_thread::sleep_for(kRest);
    }
  }

 private:
  void start() {
    const auto started = run_command(service_.start, service_.start_timeout, [&](const ProcessIdentity& command) {
      record_.undo["starting"] = to_json(command);
      const auto noted = journal_.write(record_);
      // A full disk must not keep a service down; the price is a second start if we are killed just now.
      if (noted.has_error()) base::log(base::Level::warning, "journal", {{"error", noted.error().what}});
      return base::Result<void>();
    });
    ++starts_;
    next_start_ = Clock::now() + (started.has_error() ? retry_ : kRestart);
    if (!started.has_error()) {
      // A late start still gets its time, once; a service that ends again and again does not get more.
      deadline_ = std::min(Clock::now() + service_.start_timeout, last_deadline_);
      return;
    }
    last_error_ = started.error().what;
    retry_ = std::min(2 * retry_, kRestart);
    base::log(base::Level::warning, "start failed", {{"service", service_.name}, {"error", last_error_}});
  }

  std::string proof(const Probe& look) const {
    const auto process = process_of(service_);
    const std::string who = process.has_error() ? service_.name : "process " + std::to_string(process->identity().pid);
    return who + (starts_ > 0 ? " was started and " : " ") + look.what;
  }

  base::Error given_up(const Probe& look) const {
    return base::fail(base::ErrorKind::timeout,
                      service_.name + " is not ready after " + std::to_string(service_.start_timeout.count()) +
                          " ms: " + look.what + (last_error_.empty() ? "" : "; " + last_error_) +
                          "; by hand: " + shown(service_.start));
  }

  const Service& service_;
  UndoRecord& record_;
  const Journal& journal_;
  Clock::time_point deadline_;
  const Clock::time_point last_deadline_;
  Clock::time_point next_start_ = Clock::time_point::min();
  milliseconds retry_ = kFirstRetry;
  int starts_ = 0;
  std::string last_error_;
};

}  // namespace

json process_undo(const Service& service, const ProcessIdentity& victim, int signal) {
  return {{"service", to_json(service)}, {"victim", to_json(victim)}, {"signal", signal}};
}

base::Result<std::string> revive(UndoRecord& record, const Journal& journal) {
  const auto undo = undo_from(record.undo);
  if (undo.has_error()) return undo.error();
  const auto ended = finish_off(*undo);
  if (ended.has_error()) return ended.error();
  return Revival(undo->service, record, journal).run();
}

base::Result<std::string> thaw(UndoRecord& record, const Journal& journal) {
  const auto undo = undo_from(record.undo);
  if (undo.has_error()) return undo.error();
  std::string by_hand;
  if (const auto victim = Process::open(undo->victim); !victim.has_error()) {
    by_hand = "; by hand: kill -CONT " + std::to_string(undo->victim.pid);
    if (const auto sent = victim->send(SIGCONT); sent.has_error()) return base::context(sent.error(), "thaw" + by_hand);
  }
  auto revived = Revival(undo->service, record, journal).run();
  if (revived.has_error()) return base::fail(revived.error().kind, revived.error().what + by_hand);
  return revived;
}

}  // namespace agent::faults
