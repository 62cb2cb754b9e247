#include "common/http/router.h"

#include <algorithm>
#include <exception>
#include <set>

#include "common/base/assert.h"
#include "common/base/json_fields.h"
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

std::string joined(const std::vector<std::string>& segments) {
  std::string path;
  for (const auto& segment : segments) path += "/" + segment;
  return path;
}

// What a path of these segments would be under the pattern: names are taken as they are.
std::string filled(const std::vector<std::string>& pattern, const std::vector<std::string>& segments) {
  std::vector<std::string> path = pattern;
  for (std::size_t i = 0; i < path.size() && i < segments.size(); ++i)
    if (is_name(path[i]) && !segments[i].empty()) path[i] = segments[i];
  return joined(path);
}

// A parameter that is misspelt would otherwise be one that was never given: a page from 0, all tasks, the short report.
base::Result<void> check_query(const Router::Entry& entry, const std::map<std::string, std::string>& query) {
  std::string wrong;
  for (const auto& [name, value] : query) {
    if (std::find(entry.query.begin(), entry.query.end(), name) != entry.query.end()) continue;
    const std::string meant = base::nearest(name, entry.query);
    wrong += (wrong.empty() ? "query parameter `" : "; `") + name + "` is unknown" +
             (meant.empty() ? "" : " (did you mean `" + meant + "`?)");
  }
  if (wrong.empty()) return {};
  std::string known;
  for (const auto& name : entry.query) known += (known.empty() ? "`" : ", `") + name + "`";
  return base::fail(base::ErrorKind::configuration, wrong + "; " + entry.route.method + " " + joined(entry.segments) +
                                                        " knows " + (known.empty() ? "none" : known));
}

}  // namespace

Router::Router(std::vector<Route> routes) {
  for (auto& route : routes) {
    auto target = parse_target(route.pattern);
    FIREDRILL_ASSERT(target.has_value());
    Entry entry{target->segments, {}, std::move(route)};
    for (const auto& [name, value] : target->query) entry.query.push_back(name);
    entries_.push_back(std::move(entry));
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
    if (entry.route.method != wanted || match.entry) continue;
    match.entry = &entry;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const auto& name = entry.segments[i];
      if (is_name(name)) match.params[name.substr(1, name.size() - 2)] = segments[i];
    }
  }
  for (const auto& each : methods) match.allowed += (match.allowed.empty() ? "" : ", ") + each;
  return match;
}

Response Router::no_such_path(const std::string& path, const std::vector<std::string>& segments) const {
  std::vector<std::string> candidates;
  bool told = false;
  for (const auto& entry : entries_) {
    candidates.push_back(filled(entry.segments, segments));
    told = told || candidates.back() == "/v1/openapi.json";
  }
  const std::string meant = base::nearest(path, candidates);
  return error_response(base::fail(base::ErrorKind::not_found,
                                   "no such path: " + path + (meant.empty() ? "" : " (did you mean " + meant + "?)") +
                                       (told ? "; GET /v1/openapi.json names all of them" : "")));
}

Response Router::dispatch(const std::string& method, const std::string& target, Request request) const {
  auto parsed = parse_target(target);
  if (parsed.has_error()) return error_response(parsed.error());
  Match found = match(method, parsed->segments);
  request.method = method;
  request.path = joined(parsed->segments);
  if (!found.entry && found.allowed.empty()) return no_such_path(request.path, parsed->segments);
  if (!found.entry) {
    Response response = error_response(base::fail(
        base::ErrorKind::configuration, method + " is not for " + request.path + "; allowed: " + found.allowed));
    response.status = 405;
    response.headers.emplace_back("Allow", found.allowed);
    return response;
  }
  // A page that a browser shows must not reach through it to a daemon that listens on loopback only.
  if (method != "GET" && method != "HEAD" && request.headers.contains("origin"))
    return error_response(base::fail(base::ErrorKind::forbidden, "requests of web pages (Origin) are refused"));
  if (const auto known = check_query(*found.entry, parsed->query); known.has_error())
    return error_response(known.error());
  request.params = std::move(found.params);
  request.query = std::move(parsed->query);
  try {
    return found.entry->route.handler(request);
  } catch (const std::exception& error) {  // one of the three edges at which a library's exception ends
    base::log(base::Level::error, "a handler threw", {{"path", request.path}, {"error", error.what()}});
    return error_response(base::fail(base::ErrorKind::infrastructure, "this is a bug: the handler of " + method + " " +
                                                                          found.entry->route.pattern + " threw"));
  }
}

}  // namespace common::http
