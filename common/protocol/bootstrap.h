// Where a cluster is, as people write it: `host:port,host:port`. One rule for command line, coordinator and agent.
// Pure.
#pragma once

#include <string>
#include <string_view>

namespace common::protocol {

// What is wrong with it, as the end of a sentence that begins with its name ("must be ..."); "": nothing. An IPv6
// address stands in brackets.
std::string bootstrap_mistake(std::string_view bootstrap);

}  // namespace common::protocol
