#include "common/http/target.h"

#include <charconv>
#include <optional>

namespace common::http {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

base::Error bad_target(std::string_view target) {
  return base::fail(base::ErrorKind::configuration, "bad request target `" + std::string(target.substr(0, 200)) + "`");
}

}  // namespace

base::Result<Target> parse_target(std::string_view target) {
  if (target.empty() || target[0] != '/') return bad_target(target);
  Target parsed;
  const std::size_t mark = target.find('?');
  for (const auto part : split(target.substr(1, mark == std::string_view::npos ? mark : mark - 1), '/')) {
    auto segment = decode(part, false);
    if (!segment) return bad_target(target);
    parsed.segments.push_back(std::move(*segment));
  }
  if (mark == std::string_view::npos || mark + 1 == target.size()) return parsed;
  for (const auto pair : split(target.substr(mark + 1), '&')) {
    const std::size_t equals = pair.find('=');
    const auto name = decode(pair.substr(0, equals), true);
    const auto value = decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true);
    if (!name || !value) return bad_target(target);
    if (!parsed.query.emplace(*name, *value).second)
      return base::fail(base::ErrorKind::configuration, "query parameter `" + *name + "` is given twice");
  }
  return parsed;
}

base::Result<BaseUrl> parse_base_url(const std::string& url) {
  const auto bad = [&](const std::string& why) {
    return base::fail(base::ErrorKind::configuration, "bad URL `" + url + "`: " + why + "; expected http://HOST:PORT");
  };
  constexpr std::string_view kScheme = "http://";
  if (url.compare(0, kScheme.size(), kScheme) != 0) return bad("it does not begin with http://");
  std::string_view rest = std::string_view(url).substr(kScheme.size());
  if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  if (rest.find_first_of("/?#@ ") != std::string_view::npos) return bad("something follows the port");
  BaseUrl parsed;
  std::string_view port;
  if (!rest.empty() && rest[0] == '[') {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) return bad("no `]`");
    parsed.host = rest.substr(1, close - 1);
    port = rest.substr(close + 1);
  } else {
    parsed.host = rest.substr(0, rest.find(':'));
    port = rest.substr(parsed.host.size());
  }
  if (parsed.host.empty()) return bad("no host");
  if (port.empty()) return parsed;
  const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), parsed.port);
  if (port[0] != ':' || error != std::errc() || end != port.data() + port.size() || parsed.port == 0)
    return bad("the port is no number of 1 to 65535");
  return parsed;
}

}  // namespace common::http
