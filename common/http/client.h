// A blocking HTTP/1.1 client for one server; keeps its connection and opens it anew when it broke. Not thread-safe: one
// client a thread. Every call has a deadline. A status >= 400 is a Response, not an Error; Error means no whole answer
// came.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/http/server.h"

namespace common::http {

class Client {
 public:
  // "http://127.0.0.1:7501"; wrong forms are an Error (configuration).
  static base::Result<std::unique_ptr<Client>> create(const std::string& base_url);
  virtual ~Client() = default;
  virtual base::Result<Response> call(const std::string& method, const std::string& path_and_query,
                                      const std::string& body, std::chrono::milliseconds timeout) = 0;
  virtual const std::string& base_url() const = 0;
};

}  // namespace common::http
