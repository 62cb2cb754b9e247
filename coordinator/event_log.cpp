#include "coordinator/event_log.h"

#include <fstream>

#include <nlohmann/json.hpp>

#include "common/base/clock.h"
#include "common/base/json_text.h"

namespace coordinator {

void EventLog::add(std::string_view what, std::initializer_list<std::pair<std::string_view, std::string>> fields) {
  nlohmann::ordered_json line;
  line["at"] = common::base::steady_now();
  line["wall"] = common::base::wall_text(common::base::wall_now());
  line["what"] = what;
  for (const auto& [name, value] : fields) line[std::string(name)] = value;
  const std::lock_guard lock(mutex_);
  // Opened each time: a few lines a minute, and nothing to hold or to reopen after a full disk.
  std::ofstream file(path_, std::ios::app);
  file << common::base::json_text(line) << '\n';
}

common::base::Result<std::vector<std::string>> read_events(const std::string& path, std::int64_t from,
                                                           std::size_t limit) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  std::string line;
  std::int64_t number = 0;
  while (lines.size() < limit && std::getline(file, line)) {
    if (file.eof()) break;  // without its line feed it is still being written
    if (number++ >= from) lines.push_back(line);
  }
  return lines;
}

}  // namespace coordinator
