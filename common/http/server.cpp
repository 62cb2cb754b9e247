#include "common/http/server.h"

#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/base/log.h"
#include "common/http/await.h"
#include "common/http/connection.h"

namespace common::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds kStopGrace{2};
constexpr char kFull[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

class BeastServer final : public Server {
 public:
  BeastServer(const ServerOptions& options, std::vector<Route> routes)
      : options_(options), router_(std::move(routes)), handlers_(options.threads), acceptor_(io_) {}
  ~BeastServer() override { stop(); }

  base::Result<void> listen() {
    error_code error;
    const auto failed = [&](const char* verb) {
      return base::fail(base::ErrorKind::infrastructure, std::string("cannot ") + verb + " " + options_.address + ":" +
                                                             std::to_string(options_.port) + ": " + error.message());
    };
    const auto address = asio::ip::make_address(options_.address, error);
    if (error)
      return base::fail(base::ErrorKind::configuration, "`" + options_.address + "` is no IP address to listen on");
    const tcp::endpoint endpoint(address, options_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (error) return failed("listen on");
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return failed("listen on");
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::jthread([this] { run(); });
    return {};
  }

  std::uint16_t port() const override { return port_; }

  void stop() override {
    const std::lock_guard once(stop_mutex_);
    if (!thread_.joinable()) return;
    asio::post(io_, [this] {
      stopping_ = true;
      acceptor_.close();
      // finish() of an idle connection ends it, which takes it off the list only when its coroutine resumes.
      for (auto& connection : connections_) connection.finish();
      tell_if_empty();
    });
    {
      std::unique_lock lock(mutex_);
      empty_changed_.wait_for(lock, kStopGrace, [this] { return empty_; });
    }
    asio::post(io_, [this] {
      for (auto& connection : connections_) connection.abort();
    });
    handlers_.join();  // a handler that is still at work is waited for: it may use what its owner is about to destroy
    thread_.join();    // nothing is left to wait for, so run() returns
  }

 private:
  void run() {
    try {
      io_.run();
    } catch (const std::exception& error) {  // the edge of this thread
      base::log(base::Level::error, "the HTTP server ended", {{"error", error.what()}});
    }
  }

  asio::awaitable<void> accept() {
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(kAwait);
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // out of descriptors, most likely: others must close some first
        base::log(base::Level::warning, "cannot accept a connection", {{"error", error.message()}});
        asio::steady_timer pause(io_, std::chrono::milliseconds(100));
        co_await pause.async_wait(kAwait);
        continue;
      }
      if (connections_.size() >= options_.max_connections) {
        error_code ignored;  // fits into the socket's empty buffer, so it cannot block
        socket.non_blocking(true, ignored);
        socket.send(asio::buffer(kFull, sizeof kFull - 1), 0, ignored);
        continue;
      }
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      connections_.emplace_back(std::move(socket), options_, router_, handlers_);
      asio::co_spawn(io_, serve(std::prev(connections_.end())), asio::detached);
    }
  }

  asio::awaitable<void> serve(std::list<Connection>::iterator connection) {
    try {
      co_await connection->serve();
    } catch (const std::exception& error) {
      base::log(base::Level::error, "a connection ended", {{"error", error.what()}});
    }
    connections_.erase(connection);
    tell_if_empty();
  }

  void tell_if_empty() {
    if (!stopping_ || !connections_.empty()) return;
    const std::lock_guard lock(mutex_);
    empty_ = true;
    empty_changed_.notify_all();
  }

  const ServerOptions options_;
  const Router router_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;  // guards empty_
  std::condition_variable empty_changed_;
  bool empty_ = false;
  std::mutex stop_mutex_;
  bool stopping_ = false;  // this and connections_: I/O thread only
  asio::thread_pool handlers_;
  asio::io_context io_{1};
  std::list<Connection> connections_;
  tcp::acceptor acceptor_;
  std::jthread thread_;
};

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, std::vector<Route> routes) {
  auto server = std::make_unique<BeastServer>(options, std::move(routes));
  if (auto listening = server->listen(); listening.has_error()) return listening.error();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace common::http
