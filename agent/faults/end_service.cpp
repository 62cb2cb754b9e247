#include "agent/faults/end_service.h"

#include <thread>

#include <nlohmann/json.hpp>

#include "agent/faults/command.h"
#include "agent/faults/probe.h"
#include "agent/faults/revival.h"

namespace agent::faults {

namespace base = common::base;
using std::chrono::milliseconds;

namespace {

class EndService final : public Fault {
 public:
  EndService(const Service& service, Process process, int signal, milliseconds felt_within)
      : service_(service), process_(std::move(process)), signal_(signal), felt_within_(felt_within) {}

  nlohmann::json undo() const override { return process_undo(service_, process_.identity(), signal_); }
  std::vector<std::string> plan() const override {
    return {signal_command(process_.identity(), signal_), "afterwards: " + shown(service_.start)};
  }
  base::Result<void> inject() override { return process_.send(signal_); }
  milliseconds felt_within() const override { return felt_within_; }

  base::Result<std::optional<Felt>> felt(milliseconds patience) override {
    if (!process_.exited_within(patience)) return std::optional<Felt>();
    if (ended_at_ == 0) ended_at_ = base::steady_now();
    const Probe look = probe(service_.address, patience);
    if (look.outcome == Probe::Outcome::refused)
      return Felt{ended_at_, "process " + std::to_string(process_.identity().pid) + " ended; " + look.what};
    std::this_thread::sleep_for(milliseconds(5));  // the kernel closes the listening socket on its way out
    return std::optional<Felt>();
  }

  base::Result<void> still_felt() override {
    const auto running = process_of(service_);
    if (running.has_error()) return {};
    return base::fail(base::ErrorKind::infrastructure, "somebody else started " + service_.name + " (process " +
                                                           std::to_string(running->identity().pid) + ")");
  }

 private:
  const Service service_;
  const Process process_;
  const int signal_;
  const milliseconds felt_within_;
  base::Nanos ended_at_ = 0;
};

}  // namespace

base::Result<std::unique_ptr<Fault>> end_service(const Service& service, int signal, milliseconds felt_within) {
  auto process = process_of(service);
  if (process.has_error()) return base::fail(base::ErrorKind::conflict, process.error().what);
  return std::unique_ptr<Fault>(std::make_unique<EndService>(service, std::move(*process), signal, felt_within));
}

}  // namespace agent::faults
