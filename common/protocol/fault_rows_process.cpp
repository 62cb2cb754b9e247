#include "common/protocol/fault_rows.h"

namespace common::protocol {

namespace {

constexpr std::string_view kProcess = "process cpu memory files shim";  // a process that ends takes these with it
constexpr std::string_view kSignal = "the service's user, or root";
constexpr std::string_view kGuardian = "the guardian, or the next start of an agent, starts the service";

constexpr FaultParameter kRestart[] = {
    {.name = "hard",
     .type = ParameterType::flag,
     .fallback = "false",
     .what = "SIGKILL instead of SIGTERM: no controlled shutdown"},
};

constexpr FaultDescription kRows[] = {
    {.name = "kill",
     .group = "process",
     .summary = "SIGKILL; started again when it ends",
     .aspects = kProcess,
     .harm = Harm::down,
     .privileges = kSignal,
     .mechanism = "pidfd_send_signal(SIGKILL) to the process that the pid file names",
     .felt = "the process has ended and its address refuses connections",
     .ends = "the service's start command; done when it answers ApiVersions",
     .left = kGuardian,
     .tested = "Linux 6.18"},
    {.name = "stop",
     .group = "process",
     .summary = "SIGTERM and wait for the end; started again when it ends",
     .aspects = kProcess,
     .harm = Harm::down,
     .privileges = kSignal,
     .mechanism = "pidfd_send_signal(SIGTERM); SIGKILL if it outlives the service's stop_timeout_ms when it must end",
     .felt = "the process has ended and its address refuses connections",
     .ends = "the service's start command; done when it answers ApiVersions",
     .left = kGuardian,
     .tested = "Linux 6.18"},
    {.name = "pause",
     .group = "process",
     .summary = "SIGSTOP; SIGCONT when it ends",
     .aspects = "process",
     .harm = Harm::cut_off,
     .privileges = kSignal,
     .mechanism = "pidfd_send_signal(SIGSTOP)",
     .felt = "/proc says stopped, and an ApiVersions request stays unanswered",
     .ends = "SIGCONT; done when it answers ApiVersions; started if it has died meanwhile",
     .left = "the guardian, or the next start of an agent, sends SIGCONT",
     .tested = "Linux 6.18"},
    {.name = "restart",
     .group = "process",
     .summary = "SIGTERM (hard: SIGKILL) and started again at once",
     .parameters = kRestart,
     .aspects = kProcess,
     .harm = Harm::down,
     .reverts_at_once = true,
     .privileges = kSignal,
     .mechanism = "pidfd_send_signal, then the service's start command",
     .felt = "the process has ended and its address refuses connections",
     .ends = "done when it answers ApiVersions",
     .left = kGuardian,
     .tested = "Linux 6.18"},
};

}  // namespace

std::span<const FaultDescription> process_faults() {
  return kRows;
}

}  // namespace common::protocol
