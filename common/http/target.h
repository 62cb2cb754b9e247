// What an HTTP request line names: path segments and query, percent-decoded, and the parts of a server's base URL.
// Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace common::http {

struct Target {
  std::vector<std::string> segments;  // decoded one by one: an encoded slash never splits an id
  std::map<std::string, std::string> query;
};

base::Result<Target> parse_target(std::string_view target);  // "/v1/tasks/a%20b?offset=0"

struct BaseUrl {
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 80;
};

base::Result<BaseUrl> parse_base_url(const std::string& url);  // "http://127.0.0.1:7501", a trailing slash is harmless

}  // namespace common::http
