#include "agent/faults/process.h"

#include <cerrno>
#include <cstring>
#include <optional>
#include <poll.h>
#include <sstream>
#include <sys/syscall.h>
#include <time.h>

#include <nlohmann/json.hpp>

#include "agent/faults/durable_file.h"
#include "common/base/json_fields.h"

namespace agent::faults {

namespace base = common::base;

namespace {

struct ProcStat {
  char state = '?';
  std::int64_t start_time = 0;
};

// The second field is the command's name in parentheses and may hold blanks and parentheses: count after the last one.
std::optional<ProcStat> proc_stat(std::int64_t pid) {
  const auto text = read_file("/proc/" + std::to_string(pid) + "/stat");
  if (text.has_error()) return std::nullopt;
  std::istringstream rest(text->substr(text->rfind(')') + 1));
  ProcStat parsed;
  std::string skipped;
  rest >> parsed.state;
  for (int field = 4; field < 22; ++field) rest >> skipped;
  rest >> parsed.start_time;
  if (!rest) return std::nullopt;
  return parsed;
}

const std::string& boot_id() {
  static const std::string id = [] {
    auto text = read_file("/proc/sys/kernel/random/boot_id");
    return text.has_error() ? std::string("unknown") : text->substr(0, text->find('\n'));
  }();
  return id;
}

base::Error gone(std::int64_t pid) {
  return base::fail(base::ErrorKind::not_found, "process " + std::to_string(pid) + " does not run");
}

}  // namespace

nlohmann::json to_json(const ProcessIdentity& identity) {
  return {{"pid", identity.pid}, {"start_time", identity.start_time}, {"boot_id", identity.boot_id}};
}

base::Result<ProcessIdentity> process_identity_from(const nlohmann::json& json) {
  base::Problems problems;
  base::Fields fields(json, "", problems);
  ProcessIdentity identity;
  fields.required("pid", identity.pid, 1);
  fields.required("start_time", identity.start_time, 0);
  fields.required("boot_id", identity.boot_id);
  fields.finish();
  if (!problems.empty()) return to_error(problems);
  return identity;
}

std::string signal_command(const ProcessIdentity& identity, int signal) {
  const char* name = sigabbrev_np(signal);
  return "kill -" + (name ? std::string(name) : std::to_string(signal)) + " " + std::to_string(identity.pid);
}

base::Result<Process> Process::open(std::int64_t pid) {
  base::Descriptor pidfd(static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0)));
  if (!pidfd && errno != ESRCH)
    return base::fail(base::ErrorKind::infrastructure,
                      "cannot hold process " + std::to_string(pid) + ": " + std::strerror(errno));
  if (!pidfd) return gone(pid);
  const auto stat = proc_stat(pid);
  if (!stat) return gone(pid);
  Process process(std::move(pidfd), {pid, stat->start_time, boot_id()});
  // Alive after its stat was read: so the stat was its own, and not that of a later process with this pid.
  if (process.exited_within(std::chrono::milliseconds(0))) return gone(pid);
  return process;
}

base::Result<Process> Process::open(const ProcessIdentity& identity) {
  auto process = open(identity.pid);
  if (process.has_error()) return process.error();
  if (process->identity() != identity) return gone(identity.pid);
  return process;
}

base::Result<void> Process::send(int signal) const {
  if (syscall(SYS_pidfd_send_signal, pidfd_.get(), signal, nullptr, 0) == 0) return {};
  if (errno == ESRCH) return gone(identity_.pid);
  const auto kind = errno == EPERM ? base::ErrorKind::forbidden : base::ErrorKind::infrastructure;
  return base::fail(kind, "cannot send " + std::string(strsignal(signal)) + " to process " +
                              std::to_string(identity_.pid) + ": " + std::strerror(errno));
}

bool Process::exited_within(std::chrono::milliseconds patience) const {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd poll_for{pidfd_.get(), POLLIN, 0};
    const int ready = poll(&poll_for, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

char Process::state() const {
  const auto stat = proc_stat(identity_.pid);
  return stat && stat->start_time == identity_.start_time ? stat->state : '?';
}

std::chrono::nanoseconds Process::age() const {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const std::int64_t tick = 1'000'000'000 / sysconf(_SC_CLK_TCK);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec) -
         std::chrono::nanoseconds(identity_.start_time * tick);
}

}  // namespace agent::faults
