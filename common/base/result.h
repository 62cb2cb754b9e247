// Result<T>: how an operating error travels. `Error` says what went wrong and with which value, in one line that a
// person can act on; its kind decides the exit code of a command and the status of an HTTP answer. Programmer errors
// are assertions (assert.h), what Kafka or the network did to a message is evidence, neither is an Error.
#pragma once

#include <string>
#include <utility>

#include <boost/system/result.hpp>

namespace common::base {

enum class ErrorKind {
  usage,           // the command line is wrong                       exit 1
  configuration,   // a file, a field, a history is wrong             exit 2, HTTP 400
  conflict,        // exists with another body, cannot be composed    exit 2, HTTP 409
  forbidden,       // this agent's configuration does not allow it    exit 2, HTTP 403
  not_found,       // no such task, run, service                      exit 2, HTTP 404
  limit,           // a bound was reached                             exit 20, HTTP 429
  unreachable,     // another daemon, a cluster does not answer       exit 20, HTTP 502
  timeout,         // a deadline passed; the effect is unknown        exit 20, HTTP 504
  infrastructure,  // a file system, a socket, a cluster out of reach exit 20, HTTP 500
};

struct Error {
  ErrorKind kind = ErrorKind::infrastructure;
  std::string what;
};

template <typename T = void>
using Result = boost::system::result<T, Error>;

// For a T that converts to anything (nlohmann::json): return Result<json>(in_place, value).
inline constexpr auto in_place = boost::system::in_place_value;

inline Error fail(ErrorKind kind, std::string what) {
  return Error{kind, std::move(what)};
}

// "while <doing>: <what>": used where a lower error needs the higher value beside it.
inline Error context(Error error, const std::string& doing) {
  error.what = doing + ": " + error.what;
  return error;
}

[[noreturn]] void throw_error(const Error& error);

}  // namespace common::base

namespace common::base {
// Called by boost::system::result when value() is used on an error: a programmer error, so it ends the process.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw_error(error);
}
}  // namespace common::base
