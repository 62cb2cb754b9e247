#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "agent/faults/guardian.h"
#include "agent/faults/process.h"
#include "agent/faults/revert.h"
#include "common/base/descriptor.h"
#include "common/base/log.h"

namespace agent::faults {

namespace base = common::base;

namespace {

// The kernel gives the agent's lock back when it dies; held longer, it is a new agent's, and the records are its
// business.
constexpr std::chrono::seconds kLock{10};

constexpr std::chrono::seconds kWatch{1};
// An agent notices the end of a fault within 100 ms. One that leaves it active for this long beyond its end hangs, or
// was stopped: it would leave the host broken for as long as it does.
constexpr base::Nanos kHung = 10 * base::kSecond;

// Until the agent is gone. It never writes to the pipe.
bool ended_within(int pipe, std::chrono::milliseconds patience) {
  pollfd waiting{pipe, POLLIN, 0};
  if (poll(&waiting, 1, static_cast<int>(patience.count())) < 1) return false;
  char byte = 0;
  const ssize_t n = read(pipe, &byte, 1);
  return n == 0 || (n < 0 && errno != EINTR);
}

bool has_overdue(const std::string& journal_folder) {
  const auto records = Journal::list(journal_folder);
  if (records.has_error()) return false;
  return std::any_of(records->begin(), records->end(), [](const UndoRecord& record) {
    return (record.state == "injecting" || record.state == "active") && record.ends_by != 0 &&
           base::steady_now() > record.ends_by + kHung;
  });
}

void wait_for_end_of(const base::Result<Process>& agent, int pipe, const std::string& journal_folder) {
  while (!ended_within(pipe, kWatch)) {
    if (agent.has_error() || !has_overdue(journal_folder)) continue;
    base::log(base::Level::error, "guardian: the agent left a fault beyond its end; it hangs and is killed",
              {{"agent", std::to_string(agent->identity().pid)}});
    [[maybe_unused]] const auto sent = agent->send(SIGKILL);
  }
}

}  // namespace

int stand_guard(const std::string& journal_folder, int agent_pipe) {
  // Whoever ends the agent politely must not end its guardian with the same key stroke; it ends by itself soon after.
  for (const int ignored : {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGXFSZ}) signal(ignored, SIG_IGN);
  const base::Descriptor pipe(agent_pipe);
  const base::Descriptor nowhere(open("/dev/null", O_WRONLY | O_CLOEXEC));
  // Opened before the agent hears that it is guarded: it is still the parent then.
  const auto agent = Process::open(getppid());
  if (write(STDOUT_FILENO, "r", 1) != 1 || !nowhere) return 20;
  dup2(nowhere.get(), STDOUT_FILENO);
  wait_for_end_of(agent, pipe.get(), journal_folder);

  const auto records = Journal::list(journal_folder);
  if (!records.has_error() && records->empty()) return 0;
  const auto journal = Journal::open(journal_folder, kLock);
  if (journal.has_error()) {
    base::log(base::Level::info, "guardian: another agent took over", {{"journal", journal_folder}});
    return 0;
  }
  base::log(base::Level::warning, "guardian: the agent is gone; reverting", {{"journal", journal_folder}});
  const auto swept = sweep(**journal);
  if (swept.has_error()) {
    base::log(base::Level::error, "guardian", {{"error", swept.error().what}});
    return 21;
  }
  for (const auto& record : *swept) {
    if (!record.reverted()) return 21;
  }
  return 0;
}

}  // namespace agent::faults
