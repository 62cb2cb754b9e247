#include "common/http/client.h"

#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "common/http/await.h"
#include "common/http/target.h"

namespace common::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t kMaxAnswerBytes = 256 << 20;

struct Outcome {
  error_code error;
  const char* step = "";
  bool answered = false;  // the first byte of an answer came: the request was seen, it is not sent again
};

class BeastClient final : public Client {
 public:
  BeastClient(std::string base_url, BaseUrl where) : base_url_(std::move(base_url)), where_(std::move(where)) {}

  const std::string& base_url() const override { return base_url_; }

  base::Result<Response> call(const std::string& method, const std::string& path_and_query, const std::string& body,
                              std::chrono::milliseconds timeout) override {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    bhttp::request<bhttp::string_body> request;
    request.version(11);
    request.method_string(method);
    request.target(path_and_query);
    request.set(bhttp::field::host, base_url_.substr(base_url_.find("//") + 2));
    request.set(bhttp::field::user_agent, "firedrill");
    if (!body.empty()) request.set(bhttp::field::content_type, "application/json");
    request.body() = body;
    request.prepare_payload();

    const bool kept = stream_.has_value();
    auto result = attempt(request, deadline);
    // The server may close a kept connection just when we use it again. The APIs that this client calls are idempotent
    // by the caller's ids, so a second attempt is harmless even if the first one had been executed.
    if (kept && result.error && !result.answered && !timed_out_) result = attempt(request, deadline);
    if (timed_out_)
      return base::fail(base::ErrorKind::timeout, describe(method, path_and_query) + ": no whole answer within " +
                                                      std::to_string(timeout.count()) + " ms");
    if (result.error)
      return base::fail(base::ErrorKind::infrastructure,
                        describe(method, path_and_query) + ": cannot " + result.step + ": " + result.error.message());
    return std::move(response_);
  }

 private:
  std::string describe(const std::string& method, const std::string& path) const {
    return method + " " + base_url_ + path;
  }

  Outcome attempt(const bhttp::request<bhttp::string_body>& request, std::chrono::steady_clock::time_point deadline) {
    Outcome outcome;
    bool finished = false;
    timed_out_ = false;
    io_.restart();
    asio::co_spawn(io_, exchange(request, outcome, finished), asio::detached);
    io_.run_until(deadline);
    if (!finished) {
      timed_out_ = true;
      resolver_.cancel();
      if (stream_) stream_->close();
      io_.run();  // every pending step was just cancelled
    }
    if (outcome.error || timed_out_) stream_.reset();
    return outcome;
  }

  asio::awaitable<void> exchange(const bhttp::request<bhttp::string_body>& request, Outcome& outcome, bool& finished) {
    if (!stream_) co_await open(outcome);
    if (!outcome.error) co_await send_and_receive(request, outcome);
    finished = true;
  }

  asio::awaitable<void> open(Outcome& outcome) {
    error_code error;
    std::vector<tcp::endpoint> endpoints;
    const auto address = asio::ip::make_address(where_.host, error);
    if (!error) {
      endpoints.emplace_back(address, where_.port);
    } else {
      outcome.step = "resolve the host";
      auto [failed, found] = co_await resolver_.async_resolve(where_.host, std::to_string(where_.port), kAwait);
      outcome.error = failed;
      if (failed) co_return;
      for (const auto& entry : found) endpoints.push_back(entry.endpoint());
    }
    outcome.step = "connect";
    stream_.emplace(io_);
    buffer_.clear();
    auto [failed, endpoint] = co_await asio::async_connect(stream_->socket(), endpoints, kAwait);
    outcome.error = failed;
    if (failed) co_return;
    stream_->socket().set_option(tcp::no_delay(true), error);
  }

  asio::awaitable<void> send_and_receive(const bhttp::request<bhttp::string_body>& request, Outcome& outcome) {
    outcome.step = "send the request";
    auto [write_error, written] = co_await bhttp::async_write(*stream_, request, kAwait);
    // A server that refuses early answers and closes while we still write: its answer says more than our broken pipe.
    bhttp::response_parser<bhttp::string_body> parser;
    parser.body_limit(kMaxAnswerBytes);
    parser.skip(request.method() == bhttp::verb::head);
    if (!write_error) outcome.step = "read the answer";
    auto [read_error, bytes] = co_await bhttp::async_read(*stream_, buffer_, parser, kAwait);
    outcome.answered = parser.got_some();
    outcome.error = read_error && write_error ? write_error : read_error;
    if (read_error) co_return;
    const bool keep = parser.keep_alive() && !write_error;
    auto message = parser.release();
    response_ = Response();
    response_.status = static_cast<int>(message.result_int());
    response_.content_type = std::string(message[bhttp::field::content_type]);
    for (const auto& field : message) response_.headers.emplace_back(field.name_string(), field.value());
    response_.body = std::move(message.body());
    if (!keep) stream_.reset();
  }

  const std::string base_url_;
  const BaseUrl where_;
  asio::io_context io_{1};
  tcp::resolver resolver_{io_};
  std::optional<beast::tcp_stream> stream_;  // kept between calls
  beast::flat_buffer buffer_;
  Response response_;
  bool timed_out_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Client>> Client::create(const std::string& base_url) {
  auto where = parse_base_url(base_url);
  if (where.has_error()) return where.error();
  std::string trimmed = base_url;
  if (trimmed.back() == '/') trimmed.pop_back();
  return std::unique_ptr<Client>(std::make_unique<BeastClient>(trimmed, std::move(*where)));
}

}  // namespace common::http
