#include "cli/live_display.h"

#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include "coordinator/report/text_layout.h"

namespace cli {

using namespace std::chrono_literals;

namespace {
std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}
}  // namespace

LiveDisplay::LiveDisplay(bool quiet)
    : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1), last_(std::chrono::steady_clock::now() - 1h) {}

LiveDisplay::~LiveDisplay() {
  clear();
}

void LiveDisplay::show(const std::string& line) {
  if (quiet_) return;
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_) {
    if (now - last_ < 5s) return;
    last_ = now;
    std::fprintf(stderr, "%s\n", line.c_str());
    return;
  }
  // A line that wraps could not be rewritten in place.
  std::string cut = line;
  while (coordinator::report::shown_width(cut) >= terminal_width()) cut.pop_back();
  std::fprintf(stderr, "\r\033[K%s", cut.c_str());
  std::fflush(stderr);
  shown_ = true;
}

void LiveDisplay::say(const std::string& line) {
  clear();
  std::fprintf(stderr, "%s\n", line.c_str());
}

void LiveDisplay::clear() {
  if (shown_) std::fprintf(stderr, "\r\033[K");
  shown_ = false;
}

}  // namespace cli
