// An HTTP/1.1 server over Boost.Beast: a route table, handlers that run on a small pool of threads, limits on
// everything. Handlers are plain blocking functions; coroutines and Beast stay inside this room.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace common::http {

struct Request {
  std::string method;                         // "GET"
  std::string path;                           // decoded, without query
  std::map<std::string, std::string> params;  // {id} of the pattern
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
};

using Handler = std::function<Response(const Request&)>;

struct Route {
  std::string method;
  std::string pattern;  // "/v1/tasks/{id}/evidence?offset&limit": with the query parameters it knows; others are 400
  Handler handler;
  std::string summary;  // one line, for the OpenAPI document
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: the kernel chooses, see Server::port()
  std::size_t max_body_bytes = 8 << 20;
  std::size_t max_connections = 256;
  std::size_t threads = 2;
  std::chrono::seconds idle_timeout{60};
};

class Server {
 public:
  // Listens when it returns. A taken port is an Error (infrastructure) that names address and port.
  // Unknown path: 404; known path, other method: 405 with Allow; unknown query parameter: 400; too large: 413; a
  // handler that throws: 500.
  static base::Result<std::unique_ptr<Server>> start(const ServerOptions& options, std::vector<Route> routes);
  virtual ~Server() = default;  // stops
  virtual std::uint16_t port() const = 0;
  virtual void stop() = 0;  // refuses new connections, lets running handlers end (2 s at most), idempotent
};

// {"error": {"kind": "...", "what": "..."}} with the status of the error's kind (result.h).
Response error_response(const base::Error& error);
Response json_response(std::string body, int status = 200);

}  // namespace common::http
