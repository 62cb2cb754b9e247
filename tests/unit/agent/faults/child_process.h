// A child that waits to be killed; killed and reaped with the test.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace agent::faults {

class ChildProcess {
 public:
  ChildProcess() : pid_(fork()) {
    if (pid_ != 0) return;
    for (;;) pause();
  }
  ~ChildProcess() { end(); }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  void kill_only() const { kill(pid_, SIGKILL); }  // stays a zombie
  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_;
};

}  // namespace agent::faults
