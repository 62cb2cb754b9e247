#include "common/base/log.h"

#include <atomic>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "common/base/clock.h"
#include "common/base/json_text.h"

namespace common::base {

namespace {
std::atomic<Level> least_level{Level::info};
constexpr std::string_view kLevelNames[] = {"debug", "info", "warning", "error"};
}  // namespace

void set_log_level(Level least) {
  least_level = least;
}

void log(Level level, std::string_view what, LogFields fields) {
  if (level < least_level.load()) return;
  nlohmann::ordered_json line;
  line["at"] = wall_text(wall_now());
  line["level"] = kLevelNames[static_cast<int>(level)];
  line["what"] = what;
  for (const auto& [name, value] : fields) line[std::string(name)] = value;
  const std::string text = json_text(line) + "\n";
  // One write per line keeps lines of several threads and processes whole; a full or closed stderr must not stop us.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace common::base
