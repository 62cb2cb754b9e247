#include "agent/faults/guardian.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "agent/faults/child.h"
#include "common/base/log.h"

namespace agent::faults {

namespace base = common::base;
using std::chrono::milliseconds;

namespace {

constexpr int kPipe = 3;  // the guardian's descriptor of the pipe
constexpr milliseconds kReady{5'000};
constexpr milliseconds kFarewell{2'000};
constexpr milliseconds kLook{100};

// In the child, between fork and exec: async-signal-safe calls only.
[[noreturn]] void become_guardian(char* const* argv, int nowhere, int agent_pipe, int ready) {
  setsid();
  dup2(nowhere, STDIN_FILENO);
  dup2(ready, STDOUT_FILENO);
  if (agent_pipe == kPipe) {
    fcntl(kPipe, F_SETFD, 0);
  } else {
    dup2(agent_pipe, kPipe);
  }
  start_afresh(kPipe);
  execvp(argv[0], argv);
  _exit(127);
}

bool says_ready(int fd) {
  pollfd waiting{fd, POLLIN, 0};
  char byte = 0;
  return poll(&waiting, 1, static_cast<int>(kReady.count())) == 1 && read(fd, &byte, 1) == 1;
}

}  // namespace

Guardian::Guardian(std::vector<std::string> command, std::string journal_folder)
    : command_(std::move(command)), journal_folder_(std::move(journal_folder)) {}

Guardian::~Guardian() {
  if (watcher_.joinable()) {
    watcher_.request_stop();
    watcher_.join();
  }
  const std::lock_guard lock(mutex_);
  pipe_.reset();
  if (process_ && process_->exited_within(kFarewell)) waitpid(static_cast<pid_t>(process_->identity().pid), nullptr, 0);
}

base::Result<void> Guardian::ensure() {
  const std::lock_guard lock(mutex_);
  if (process_ && !process_->exited_within(milliseconds(0))) return {};
  auto started = start();
  if (!started.has_error() && !watcher_.joinable())
    watcher_ = std::jthread([this](std::stop_token stop) { watch(stop); });
  return started;
}

bool Guardian::stands_guard() const {
  const std::lock_guard lock(mutex_);
  return process_ && !process_->exited_within(milliseconds(0));
}

std::int64_t Guardian::pid() const {
  const std::lock_guard lock(mutex_);
  return process_ ? process_->identity().pid : 0;
}

// Under the lock.
base::Result<void> Guardian::start() {
  if (process_) waitpid(static_cast<pid_t>(process_->identity().pid), nullptr, WNOHANG);
  process_.reset();
  std::vector<std::string> words = command_;
  for (const auto& word :
       {std::string("--journal"), journal_folder_, std::string("--agent-pipe"), std::to_string(kPipe)})
    words.push_back(word);
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  const base::Descriptor nowhere(open("/dev/null", O_RDONLY | O_CLOEXEC));
  int guard_ends[2];
  int ready_ends[2];
  if (!nowhere || pipe2(guard_ends, O_CLOEXEC) != 0)
    return base::fail(base::ErrorKind::infrastructure,
                      std::string("no pipe for the guardian: ") + std::strerror(errno));
  const base::Descriptor its_end(guard_ends[0]);
  base::Descriptor our_end(guard_ends[1]);
  if (pipe2(ready_ends, O_CLOEXEC) != 0)
    return base::fail(base::ErrorKind::infrastructure,
                      std::string("no pipe for the guardian: ") + std::strerror(errno));
  const base::Descriptor ready(ready_ends[0]);
  base::Descriptor its_ready(ready_ends[1]);
  const pid_t pid = fork();
  if (pid < 0) return base::fail(base::ErrorKind::infrastructure, std::string("no guardian: ") + std::strerror(errno));
  if (pid == 0) become_guardian(argv.data(), nowhere.get(), its_end.get(), its_ready.get());
  its_ready.reset();
  const bool stands = says_ready(ready.get());
  auto process = Process::open(pid);
  if (!stands || process.has_error()) {
    kill(pid, SIGKILL);  // our child, not waited for yet: the pid is its own
    waitpid(pid, nullptr, 0);
    return base::fail(base::ErrorKind::infrastructure, "the guardian (" + command_[0] + ") did not come up");
  }
  process_ = std::make_shared<const Process>(std::move(*process));
  pipe_ = std::move(our_end);
  base::log(base::Level::info, "guardian", {{"pid", std::to_string(pid)}});
  return {};
}

void Guardian::watch(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (!stands_guard()) {
      base::log(base::Level::warning, "the guardian is gone; another one takes its place");
      const auto started = ensure();
      if (started.has_error()) base::log(base::Level::error, "guardian", {{"error", started.error().what}});
    }
    std::shared_ptr<const Process> process;
    {
      const std::lock_guard lock(mutex_);
      process = process_;
    }
    if (process) {
      [[maybe_unused]] const bool ended = process->exited_within(kLook);  // woken at once when it dies
    } else {
      std::this_thread::sleep_for(kLook);
    }
  }
}

}  // namespace agent::faults
