// The one line that a person watches while a run goes on: rewritten in place on a terminal, else a line every five
// seconds. On standard error, so that standard output is the report alone. One thread.
#pragma once

#include <chrono>
#include <string>

namespace cli {

class LiveDisplay {
 public:
  explicit LiveDisplay(bool quiet);
  ~LiveDisplay();
  LiveDisplay(const LiveDisplay&) = delete;
  LiveDisplay& operator=(const LiveDisplay&) = delete;

  void show(const std::string& line);  // as often as one likes
  void say(const std::string& line);   // stays, also when quiet
  // How often it is worth asking for news.
  std::chrono::milliseconds pace() const { return std::chrono::milliseconds(terminal_ ? 250 : 500); }

 private:
  void clear();
  const bool quiet_;
  const bool terminal_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace cli
