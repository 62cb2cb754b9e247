// How JSON is written, to files, to sockets and to the terminal: whatever bytes a text holds (names in evidence, what a
// command printed, half a character where a text was cut), what is written is UTF-8. nlohmann's own dump() throws.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace common::base {

// `indent` -1: one line.
std::string json_text(const nlohmann::json& value, int indent = -1);
std::string json_text(const nlohmann::ordered_json& value, int indent = -1);

}  // namespace common::base
