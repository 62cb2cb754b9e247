#include <cerrno>
#include <fcntl.h>
#include <signal.h>

#include "agent/faults/guardian.h"
#include "agent/faults/revert.h"
#include "common/base/descriptor.h"
#include "common/base/log.h"

namespace agent::faults {

namespace base = common::base;

namespace {

// The kernel gives the agent's lock back when it dies; held longer, it is a new agent's, and the records are its
// business.
constexpr std::chrono::seconds kLock{10};

void wait_for_end_of(int pipe) {
  char byte = 0;
  for (;;) {
    const ssize_t n = read(pipe, &byte, 1);
    if (n == 0 || (n < 0 && errno != EINTR)) return;
  }
}

}  // namespace

int stand_guard(const std::string& journal_folder, int agent_pipe) {
  // Whoever ends the agent politely must not end its guardian with the same key stroke; it ends by itself soon after.
  for (const int ignored : {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGXFSZ}) signal(ignored, SIG_IGN);
  const base::Descriptor pipe(agent_pipe);
  const base::Descriptor nowhere(open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (write(STDOUT_FILENO, "r", 1) != 1 || !nowhere) return 20;
  dup2(nowhere.get(), STDOUT_FILENO);
  wait_for_end_of(pipe.get());

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
