// The route table: which handler answers a method and a path, and which query parameters it knows. Built once, then
// only read: any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/http/server.h"

namespace common::http {

class Router {
 public:
  explicit Router(std::vector<Route> routes);  // patterns are literals and {name} segments; a literal beats a name

  struct Entry {
    std::vector<std::string> segments;
    std::vector<std::string> query;  // names of the parameters it knows
    Route route;
  };
  struct Match {
    const Entry* entry = nullptr;  // nullptr: see allowed
    std::map<std::string, std::string> params;
    std::string allowed;  // of a known path asked with another method: "GET, HEAD, POST"; empty: the path is unknown
  };
  Match match(const std::string& method, const std::vector<std::string>& segments) const;

  // The whole answer: finds the route and calls its handler; 404, 405, 400 of a query, 403 of
  // what a web page sent (Origin; but for reading) and 500 are made here. HEAD is
  // answered by GET's handler; whoever writes the answer leaves the body out.
  Response dispatch(const std::string& method, const std::string& target, Request request) const;

 private:
  Response no_such_path(const std::string& path, const std::vector<std::string>& segments) const;
  std::vector<Entry> entries_;
};

}  // namespace common::http
