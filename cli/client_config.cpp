#include "cli/client_config.h"

#include <fstream>

#include "workloads/client_property.h"

namespace cli {

using common::base::ErrorKind;
using common::base::fail;
using common::base::Result;

Result<common::protocol::Properties> read_client_config(const std::string& path) {
  std::ifstream file(path);
  if (!file) return fail(ErrorKind::configuration, path + ": cannot be read");
  common::protocol::Properties properties;
  std::string mistakes;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos || line[first] == '#') continue;
    const auto equal = line.find('=');
    if (equal == std::string::npos)
      return fail(ErrorKind::configuration, path + ":" + std::to_string(number) + ": is not NAME=VALUE");
    const auto trimmed = [](const std::string& text) {
      const auto begin = text.find_first_not_of(" \t");
      const auto end = text.find_last_not_of(" \t\r");
      return begin == std::string::npos ? std::string() : text.substr(begin, end - begin + 1);
    };
    const std::string name = trimmed(line.substr(0, equal));
    const std::string value = trimmed(line.substr(equal + 1));
    if (const auto checked = workloads::check_client_property("", name, value); checked.has_error())
      mistakes += (mistakes.empty() ? "" : "\n") + path + ":" + std::to_string(number) + ": " + checked.error().what;
    if (!properties.emplace(name, value).second)
      mistakes +=
          (mistakes.empty() ? "" : "\n") + path + ":" + std::to_string(number) + ": `" + name + "` stands twice";
  }
  if (!mistakes.empty()) return fail(ErrorKind::configuration, mistakes);
  return properties;
}

}  // namespace cli
