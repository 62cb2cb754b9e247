// pause: SIGSTOP. The process keeps its sockets and its kernel still accepts connections, but nothing answers: to the
// others it is as if the host had hung. Felt when /proc says stopped and an ApiVersions request stays unanswered.
#include <csignal>
#include <thread>

#include <nlohmann/json.hpp>

#include "agent/faults/kinds.h"
#include "agent/faults/probe.h"
#include "agent/faults/revival.h"

namespace agent::faults {

namespace base = common::base;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kSilence{500};   // a broker that lives answers in a few ms
constexpr milliseconds kAnswer{2'000};  // ... and a busy one is given more, so that it is not taken for broken

class Pause final : public Fault {
 public:
  Pause(const Service& service, Process process) : service_(service), process_(std::move(process)) {}

  nlohmann::json undo() const override { return process_undo(service_, process_.identity(), SIGSTOP); }
  std::vector<std::string> plan() const override {
    return {signal_command(process_.identity(), SIGSTOP),
            "afterwards: " + signal_command(process_.identity(), SIGCONT)};
  }
  base::Result<void> inject() override { return process_.send(SIGSTOP); }
  milliseconds felt_within() const override { return std::chrono::seconds(10); }

  base::Result<std::optional<Felt>> felt(milliseconds patience) override {
    const std::string who = "process " + std::to_string(process_.identity().pid);
    if (process_.exited_within(milliseconds(0)))
      return base::fail(base::ErrorKind::infrastructure, who + " ended while it was to be paused");
    if (process_.state() != 'T') {
      std::this_thread::sleep_for(std::min(patience, milliseconds(5)));
      return std::optional<Felt>();
    }
    if (stopped_at_ == 0) stopped_at_ = base::steady_now();
    const Probe look = probe(service_.address, kSilence);
    if (look.outcome != Probe::Outcome::silent) return std::optional<Felt>();
    return Felt{stopped_at_, who + " is stopped; " + look.what};
  }

  base::Result<void> still_felt() override {
    if (process_.state() == 'T') return {};
    return base::fail(base::ErrorKind::infrastructure,
                      "process " + std::to_string(process_.identity().pid) + " is not stopped any more");
  }

 private:
  const Service service_;
  const Process process_;
  base::Nanos stopped_at_ = 0;
};

}  // namespace

MadeFault make_pause(const FaultOrder& order) {
  const Service& service = *order.service;
  auto process = process_of(service);
  if (process.has_error()) return base::fail(base::ErrorKind::conflict, process.error().what);
  if (process->state() == 'T')
    return base::fail(base::ErrorKind::conflict, "service " + service.name + " is stopped already, and not by us");
  // Silence proves nothing of a service that did not answer before.
  if (const Probe look = probe(service.address, kAnswer); look.outcome != Probe::Outcome::answered)
    return base::fail(base::ErrorKind::conflict, "service " + service.name + " is not well: " + look.what);
  return std::unique_ptr<Fault>(std::make_unique<Pause>(service, std::move(*process)));
}

}  // namespace agent::faults
