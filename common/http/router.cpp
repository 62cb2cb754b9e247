#include "common/http/router.h"

#include <algorithm>
#include <exception>
#include <set>

#include "common/base/assert.h"
#include "common/base/log.h"
#include "common/http/target.h"

namespace common::http {

namespace {

bool is_name(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  if (pattern.size() != segments.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_name(pattern[i]) ? segments[i].empty() : pattern[i] != segments[i]) return false;
  }
  return true;
}

std::size_t names_in(const std::vector<std::string>& pattern) {
  return static_cast<std::size_t>(std::count_if(pattern.begin(), pattern.end(), is_name));
}

}  // namespace

Router::Router(std::vector<Route> routes) {
  for (auto& route : routes) {
    auto target = parse_target(route.pattern);
    FIREDRILL_ASSERT(target.has_value());
    entries_.push_back({target->segments, std::move(route)});
  }
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const Entry& a, const Entry& b) { return names_in(a.segments) < names_in(b.segments); });
}

Router::Match Router::match(const std::string& method, const std::vector<std::string>& segments) const {
  Match match;
  std::set<std::string> methods;
  const std::string wanted = method == "HEAD" ? "GET" : method;
  for (const auto& entry : entries_) {
    if (!fits(entry.segments, segments)) continue;
    methods.insert(entry.route.method);
    if (entry.route.method == "GET") methods.insert("HEAD");
    if (entry.route.method != wanted || match.route) continue;
    match.route = &entry.route;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const auto& name = entry.segments[i];
      if (is_name(name)) match.params[name.substr(1, name.size() - 2)] = segments[i];
    }
  }
  for (const auto& each : methods) match.allowed += (match.allowed.empty() ? "" : ", ") + each;
  return match;
}

Response Router::dispatch(const std::string& method, const std::string& target, Request request) const {
  auto parsed = parse_target(target);
  if (parsed.has_error()) return error_response(parsed.error());
  Match found = match(method, parsed->segments);
  request.method = method;
  for (const auto& segment : parsed->segments) request.path += "/" + segment;
  if (!found.route && found.allowed.empty())
    return error_response(base::fail(base::ErrorKind::not_found, "no such path: " + request.path));
  if (!found.route) {
    Response response = error_response(base::fail(
        base::ErrorKind::configuration, method + " is not for " + request.path + "; allowed: " + found.allowed));
    response.status = 405;
    response.headers.emplace_back("Allow", found.allowed);
    return response;
  }
  request.params = std::move(found.params);
  request.query = std::move(parsed->query);
  try {
    return found.route->handler(request);
  } catch (const std::exception& error) {  // one of the three edges at which a library's exception ends
    base::log(base::Level::error, "a handler threw", {{"path", request.path}, {"error", error.what()}});
    return error_response(base::fail(base::ErrorKind::infrastructure, "this is a bug: the handler of " + method + " " +
                                                                          found.route->pattern + " threw"));
  }
}

}  // namespace common::http
