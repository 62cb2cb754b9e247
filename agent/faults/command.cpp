#include "agent/faults/command.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "agent/faults/child.h"

namespace agent::faults {

namespace base = common::base;

namespace {

constexpr std::size_t kOutputBytes = 16 << 10;
constexpr int kGo = 3;  // the child's end of the socket on which it waits to be let go

// The command's output, for the error message. A file of fixed size in memory: what the service inherits of it can
// neither block nor grow, however long the service lives and whatever becomes of us.
base::Descriptor output_file() {
  base::Descriptor fd(memfd_create("firedrill-start", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (fd && ftruncate(fd.get(), kOutputBytes) == 0 && fcntl(fd.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) == 0)
    return fd;
  return base::Descriptor(
      open("/dev/null", O_RDWR | O_CLOEXEC));  // a command that runs is worth more than what it says
}

std::string last_line(const base::Descriptor& output) {
  std::string text(kOutputBytes, '\0');
  const ssize_t n = pread(output.get(), text.data(), text.size(), 0);
  text.resize(n > 0 ? std::min(static_cast<std::size_t>(n), text.find('\0')) : 0);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text.substr(text.rfind('\n') + 1).substr(0, 300);
}

// In the child, between fork and exec: async-signal-safe calls only, for other threads may have held any lock.
[[noreturn]] void become_command(char* const* argv, int nowhere, int output, int go) {
  setsid();
  dup2(nowhere, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  dup2(go, kGo);
  start_afresh(kGo);
  char byte = 0;
  if (read(kGo, &byte, 1) != 1) _exit(126);  // nobody let us go: nobody has written down that we exist
  close(kGo);
  execvp(argv[0], argv);
  const char* reason = strerror(errno);
  [[maybe_unused]] const ssize_t told = write(STDERR_FILENO, reason, strlen(reason));
  _exit(127);
}

base::Result<void> result_of(int status, const std::vector<std::string>& argv, const base::Descriptor& output) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  const std::string said = last_line(output);
  const std::string end = WIFEXITED(status) ? "exit code " + std::to_string(WEXITSTATUS(status))
                                            : "signal " + std::to_string(WTERMSIG(status));
  return base::fail(base::ErrorKind::infrastructure,
                    "`" + shown(argv) + "` ended with " + end + (said.empty() ? "" : ": " + said));
}

}  // namespace

std::string shown(const std::vector<std::string>& argv) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  std::string text;
  for (const auto& word : argv) {
    if (!text.empty()) text += ' ';
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += '\'';
  }
  return text;
}

base::Result<void> run_command(const std::vector<std::string>& argv, std::chrono::milliseconds patience,
                               const std::function<base::Result<void>(const ProcessIdentity&)>& announce) {
  std::vector<char*> words;
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const base::Descriptor output = output_file();
  const base::Descriptor nowhere(open("/dev/null", O_RDONLY | O_CLOEXEC));
  int ends[2];  // a socket and no pipe: writing to a dead child must not raise SIGPIPE in whatever process we live
  if (!output || !nowhere || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return base::fail(base::ErrorKind::infrastructure,
                      std::string("cannot prepare a command: ") + std::strerror(errno));
  base::Descriptor child_end(ends[0]);
  base::Descriptor our_end(ends[1]);
  const pid_t pid = fork();
  if (pid < 0) return base::fail(base::ErrorKind::infrastructure, std::string("cannot fork: ") + std::strerror(errno));
  if (pid == 0) become_command(words.data(), nowhere.get(), output.get(), child_end.get());
  child_end.reset();

  int status = 0;
  const auto child = Process::open(pid);
  const auto announced = child.has_error() ? base::Result<void>(child.error()) : announce(child->identity());
  if (announced.has_error()) {
    our_end.reset();
    waitpid(pid, &status, 0);
    return announced.error();
  }
  [[maybe_unused]] const ssize_t let_go =
      send(our_end.get(), "g", 1, MSG_NOSIGNAL);  // fails: it was killed, which waitpid tells
  if (!child->exited_within(patience)) {
    [[maybe_unused]] const auto killed = child->send(SIGKILL);
    waitpid(pid, &status, 0);
    return base::fail(base::ErrorKind::timeout,
                      "`" + shown(argv) + "` did not return within " + std::to_string(patience.count()) + " ms");
  }
  waitpid(pid, &status, 0);
  return result_of(status, argv, output);
}

}  // namespace agent::faults
