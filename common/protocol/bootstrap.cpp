#include "common/protocol/bootstrap.h"

#include <algorithm>
#include <charconv>

namespace common::protocol {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    host.remove_prefix(1);
    if (!host.ends_with(']')) return false;
    host.remove_suffix(1);
    const auto allowed = [](char c) { return is_letter_or_digit(c) || c == ':' || c == '.' || c == '%'; };
    return host.find(':') != std::string_view::npos && std::all_of(host.begin(), host.end(), allowed);
  }
  const auto allowed = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_'; };
  return !host.empty() && std::all_of(host.begin(), host.end(), allowed);
}

bool is_port(std::string_view port) {
  int number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc() && end == port.data() + port.size() && number > 0 && number < 65536;
}

}  // namespace

std::string bootstrap_mistake(std::string_view bootstrap) {
  while (true) {
    const auto comma = bootstrap.find(',');
    const std::string_view address = bootstrap.substr(0, comma);
    const auto colon = address.rfind(':');
    if (colon == std::string_view::npos || !is_host(address.substr(0, colon)) || !is_port(address.substr(colon + 1))) {
      return "must be host:port,host:port (a port is 1 to 65535, an IPv6 address stands in brackets, as in "
             "[::1]:9092); `" +
             std::string(address) + "` is not";
    }
    if (comma == std::string_view::npos) return "";
    bootstrap.remove_prefix(comma + 1);
  }
}

}  // namespace common::protocol
