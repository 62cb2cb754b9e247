#include "common/http/connection.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/beast/http.hpp>

#include "common/http/await.h"

namespace common::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::size_t kHeaderLimit = 16 << 10;
constexpr std::size_t kBufferLimit = 64 << 10;

Request converted(bhttp::request<bhttp::string_body>&& message) {
  Request request;
  for (const auto& field : message) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    request.headers[std::move(name)] = std::string(field.value());
  }
  request.body = std::move(message.body());
  return request;
}

template <typename Body>
bhttp::response<Body> header_of(const Response& response, bool keep_alive) {
  bhttp::response<Body> message;
  message.version(11);
  message.result(static_cast<unsigned>(response.status));
  message.set(bhttp::field::server, "firedrill");
  message.set(bhttp::field::content_type, response.content_type);
  message.set(bhttp::field::cache_control, "no-store");
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.keep_alive(keep_alive);
  message.content_length(response.body.size());
  return message;
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, const ServerOptions& options, const Router& router,
                       asio::thread_pool& handlers)
    : stream_(std::move(socket)), buffer_(kBufferLimit), options_(options), router_(router), handlers_(handlers) {}

asio::awaitable<void> Connection::serve() {
  bool more = true;
  while (more && !finishing_) more = co_await exchange();
  error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
}

asio::awaitable<bool> Connection::exchange() {
  bhttp::request_parser<bhttp::string_body> parser;
  parser.header_limit(kHeaderLimit);
  parser.body_limit(options_.max_body_bytes);
  // One deadline for the whole request, not one per byte: a client that drips holds its slot no longer than an idle
  // one.
  stream_.expires_after(options_.idle_timeout);
  auto [header_error, header_bytes] = co_await bhttp::async_read_header(stream_, buffer_, parser, kAwait);
  if (header_error) {
    co_await refuse(header_error);
    co_return false;
  }
  if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue")) {
    bhttp::response<bhttp::empty_body> go_on(bhttp::status::continue_, 11);
    auto [error, bytes] = co_await bhttp::async_write(stream_, go_on, kAwait);
    if (error) co_return false;
  }
  auto [body_error, body_bytes] = co_await bhttp::async_read(stream_, buffer_, parser, kAwait);
  if (body_error) {
    co_await refuse(body_error);
    co_return false;
  }
  if (finishing_) co_return false;  // the pool may have been joined already
  busy_ = true;
  auto message = parser.release();
  const bool head = message.method() == bhttp::verb::head;
  const bool keep_alive = message.keep_alive();
  const std::string method(message.method_string());
  const std::string target(message.target());
  Request request = converted(std::move(message));
  auto answer = [&]() -> asio::awaitable<Response> { co_return router_.dispatch(method, target, std::move(request)); };
  Response response = co_await asio::co_spawn(handlers_.get_executor(), answer, asio::use_awaitable);
  const bool more = co_await write(std::move(response), head, keep_alive && !finishing_);
  busy_ = false;
  co_return more;
}

asio::awaitable<bool> Connection::write(Response response, bool head, bool keep_alive) {
  stream_.expires_after(options_.idle_timeout);
  error_code failed;
  if (head) {
    auto message = header_of<bhttp::empty_body>(response, keep_alive);
    auto [error, bytes] = co_await bhttp::async_write(stream_, message, kAwait);
    failed = error;
  } else {
    auto message = header_of<bhttp::string_body>(response, keep_alive);
    message.body() = std::move(response.body);
    auto [error, bytes] = co_await bhttp::async_write(stream_, message, kAwait);
    failed = error;
  }
  co_return keep_alive && !failed;
}

// Answers what is no request of ours, as far as there is somebody who can be answered, and hangs up.
asio::awaitable<void> Connection::refuse(error_code error) {
  if (error.category() != bhttp::make_error_code(bhttp::error::bad_target).category()) co_return;  // of the socket
  if (error == bhttp::error::end_of_stream || error == bhttp::error::partial_message) co_return;
  base::Error what = base::fail(base::ErrorKind::configuration, "not an HTTP request: " + error.message());
  int status = 400;
  if (error == bhttp::error::body_limit) {
    what.what = "the body is larger than " + std::to_string(options_.max_body_bytes) + " bytes";
    status = 413;
  } else if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow) {
    what.what = "the header is larger than " + std::to_string(kHeaderLimit) + " bytes";
    status = 431;
  }
  Response response = error_response(what);
  response.status = status;
  co_await write(std::move(response), false, false);
  // Closing with unread bytes would reset the connection and take the answer with it: read them away, for a while.
  error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  stream_.expires_after(std::chrono::seconds(1));
  for (;;) {
    buffer_.clear();
    auto [read_error, bytes] = co_await stream_.async_read_some(buffer_.prepare(kHeaderLimit), kAwait);
    if (read_error) co_return;
  }
}

void Connection::finish() {
  finishing_ = true;
  if (!busy_) abort();
}

void Connection::abort() {
  finishing_ = true;
  stream_.close();
}

}  // namespace common::http
