// Structured logs of the daemons: one JSON object a line on standard error: {"at": wall time, "level", "what",
// fields...}. Any thread. What a broker did to a message is evidence and never only a log line.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace common::base {

enum class Level { debug, info, warning, error };

using LogFields = std::initializer_list<std::pair<std::string_view, std::string>>;

void log(Level level, std::string_view what, LogFields fields = {});
void set_log_level(Level least);  // info until told otherwise

}  // namespace common::base
