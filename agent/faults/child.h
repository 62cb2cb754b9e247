// What every child of the agent does between fork and exec.
#pragma once

#include <csignal>
#include <sys/syscall.h>
#include <unistd.h>

namespace agent::faults {

// Closes what lies above descriptor `last` and takes back the agent's handling of signals. Async-signal-safe: other
// threads of the agent may have held any lock.
inline void start_afresh(int last) {
  syscall(SYS_close_range, last + 1, ~0U, 0);
  for (int signal_number = 1; signal_number < NSIG; ++signal_number) signal(signal_number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace agent::faults
