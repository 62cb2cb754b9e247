#include "cli/interrupts.h"

#include <csignal>
#include <initializer_list>

namespace cli {

namespace {
volatile std::sig_atomic_t count = 0;

void on_signal(int) {
  if (count < 100) count = count + 1;
}
}  // namespace

void listen_for_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
}

int interrupts() {
  return count;
}

}  // namespace cli
