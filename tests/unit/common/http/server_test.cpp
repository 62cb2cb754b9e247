// Client and server against each other and against raw sockets, on loopback with a port of the kernel's choice.
#include "common/http/server.h"

#include <arpa/inet.h>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "common/http/client.h"

namespace common::http {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kLong{10'000};

// A handler that waits until the test lets it go.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait_for(lock, kLong, [this] { return open_; });
  }
  bool wait_for_visitor() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kLong, [this] { return waiting_ > 0; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

struct ServerTest : testing::Test {
  Gate gate;
  ServerOptions options;
  std::unique_ptr<Server> server;

  void start() {
    auto started = Server::start(
        options, {{"GET", "/hello", [](const Request&) { return json_response("{\"hello\":1}"); }, "says hello"},
                  {"POST", "/echo", [](const Request& request) { return json_response(request.body, 201); }, "echoes"},
                  {"GET", "/slow",
                   [this](const Request&) {
                     gate.pass();
                     return json_response("slow");
                   },
                   "waits"}});
    ASSERT_TRUE(started.has_value()) << started.error().what;
    server = std::move(*started);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server->port()); }
  std::unique_ptr<Client> client() const { return std::move(*Client::create(url())); }

  int raw_socket() const {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    timeval limit{10, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return fd;
  }
  static void say(int fd, const std::string& text) {
    EXPECT_EQ(send(fd, text.data(), text.size(), MSG_NOSIGNAL), ssize_t(text.size()));
  }
  static std::string read_to_end(int fd) {
    std::string all;
    char buffer[4096];
    for (ssize_t n = recv(fd, buffer, sizeof buffer, 0); n > 0; n = recv(fd, buffer, sizeof buffer, 0))
      all.append(buffer, n);
    close(fd);
    return all;
  }
  std::string raw(const std::string& text) const {
    const int fd = raw_socket();
    say(fd, text);
    return read_to_end(fd);
  }
};

TEST_F(ServerTest, answers_and_keeps_the_connection) {
  start();
  auto http = client();
  for (int i = 0; i < 3; ++i) {
    const auto response = http->call("GET", "/hello", "", kLong);
    ASSERT_TRUE(response.has_value()) << response.error().what;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "{\"hello\":1}");
    EXPECT_EQ(response->content_type, "application/json");
  }
  const std::string body(3 << 20, 'x');
  const auto echoed = http->call("POST", "/echo", body, kLong);
  ASSERT_TRUE(echoed.has_value());
  EXPECT_EQ(echoed->status, 201);
  EXPECT_EQ(echoed->body, body);
}

TEST_F(ServerTest, head_has_the_length_and_no_body) {
  start();
  const auto response = client()->call("HEAD", "/hello", "", kLong);
  ASSERT_TRUE(response.has_value()) << response.error().what;
  EXPECT_TRUE(response->body.empty());
  const std::string text = raw("HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(text.find("Content-Length: 11\r\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\r\n\r\n")) << text;
}

TEST_F(ServerTest, a_body_beyond_the_limit_is_413) {
  options.max_body_bytes = 1000;
  start();
  const auto response = client()->call("POST", "/echo", std::string(2'000'000, 'x'), kLong);
  ASSERT_TRUE(response.has_value()) << response.error().what;
  EXPECT_EQ(response->status, 413);
  EXPECT_NE(response->body.find("1000 bytes"), std::string::npos);
}

TEST_F(ServerTest, a_chunked_body_beyond_the_limit_is_413) {
  options.max_body_bytes = 10;
  start();
  const auto text =
      raw("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n");
  EXPECT_EQ(text.substr(0, 12), "HTTP/1.1 413") << text;
}

TEST_F(ServerTest, a_header_beyond_the_limit_is_431) {
  start();
  EXPECT_EQ(raw("GET /hello HTTP/1.1\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n").substr(0, 12), "HTTP/1.1 431");
}

TEST_F(ServerTest, garbage_is_400_and_the_server_goes_on) {
  start();
  EXPECT_EQ(raw("\x16\x03\x01\x02 what is this\r\n\r\n").substr(0, 12), "HTTP/1.1 400");
  EXPECT_EQ(raw("GET /hello HTTP/9.9\r\n\r\n").substr(0, 12), "HTTP/1.1 400");
  EXPECT_EQ(client()->call("GET", "/hello", "", kLong)->status, 200);
}

TEST_F(ServerTest, pipelined_requests_are_answered_in_order) {
  start();
  const auto text =
      raw("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\noneGET /hello HTTP/1.1\r\nHost: x\r\n"
          "Connection: close\r\n\r\n");
  const auto one = text.find("one");
  const auto hello = text.find("hello");
  ASSERT_NE(one, std::string::npos);
  ASSERT_NE(hello, std::string::npos);
  EXPECT_LT(one, hello);
}

TEST_F(ServerTest, a_large_body_is_invited_by_100_continue) {
  start();
  const int fd = raw_socket();
  say(fd, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
  char buffer[25];
  ASSERT_EQ(recv(fd, buffer, sizeof buffer, MSG_WAITALL), ssize_t(sizeof buffer));
  EXPECT_EQ(std::string(buffer, sizeof buffer), "HTTP/1.1 100 Continue\r\n\r\n");
  say(fd, "ok");
  EXPECT_EQ(read_to_end(fd).substr(0, 12), "HTTP/1.1 201");
}

TEST_F(ServerTest, clients_that_say_half_a_request_and_no_more_block_nobody) {
  start();
  std::vector<int> half;
  for (int i = 0; i < 20; ++i) {
    half.push_back(raw_socket());
    say(half.back(), "POST /echo HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf");
  }
  EXPECT_EQ(client()->call("GET", "/hello", "", kLong)->status, 200);
  for (const int fd : half) close(fd);
}

TEST_F(ServerTest, an_idle_connection_is_closed_after_its_timeout) {
  options.idle_timeout = std::chrono::seconds(1);
  start();
  EXPECT_EQ(read_to_end(raw_socket()), "");
}

TEST_F(ServerTest, more_connections_than_allowed_are_answered_503) {
  options.max_connections = 1;
  start();
  auto first = client();
  ASSERT_EQ(first->call("GET", "/hello", "", kLong)->status, 200);
  EXPECT_EQ(read_to_end(raw_socket()).substr(0, 12), "HTTP/1.1 503");
  EXPECT_EQ(first->call("GET", "/hello", "", kLong)->status, 200);
}

TEST_F(ServerTest, a_slow_handler_does_not_block_another_thread_of_the_pool) {
  start();
  std::jthread slow([this] { EXPECT_EQ(client()->call("GET", "/slow", "", kLong)->body, "slow"); });
  ASSERT_TRUE(gate.wait_for_visitor());
  EXPECT_EQ(client()->call("GET", "/hello", "", kLong)->status, 200);
  gate.open();
}

TEST_F(ServerTest, stop_lets_a_running_handler_answer) {
  start();
  std::jthread slow([this] { EXPECT_EQ(client()->call("GET", "/slow", "", kLong)->body, "slow"); });
  ASSERT_TRUE(gate.wait_for_visitor());
  std::jthread opener([this] { gate.open(); });
  server->stop();
  server->stop();
}

TEST_F(ServerTest, a_taken_port_is_named) {
  start();
  ServerOptions same;
  same.port = server->port();
  const auto second = Server::start(same, {});
  ASSERT_TRUE(second.has_error());
  EXPECT_EQ(second.error().kind, base::ErrorKind::infrastructure);
  EXPECT_EQ(second.error().what,
            "cannot listen on 127.0.0.1:" + std::to_string(same.port) + ": Address already in use");
}

TEST_F(ServerTest, an_address_that_is_none_is_a_mistake_of_configuration) {
  options.address = "localhost";
  const auto started = Server::start(options, {});
  ASSERT_TRUE(started.has_error());
  EXPECT_EQ(started.error().kind, base::ErrorKind::configuration);
}

TEST_F(ServerTest, the_client_gives_up_at_its_deadline) {
  start();
  auto http = client();
  const auto response = http->call("GET", "/slow", "", milliseconds(50));
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, base::ErrorKind::timeout);
  gate.open();
  EXPECT_EQ(http->call("GET", "/hello", "", kLong)->status, 200);
}

TEST_F(ServerTest, the_client_opens_anew_a_kept_connection_that_the_server_closed) {
  start();
  auto http = client();
  ASSERT_EQ(http->call("GET", "/hello", "", kLong)->status, 200);
  options.port = server->port();
  server.reset();
  start();
  const auto response = http->call("GET", "/hello", "", kLong);
  ASSERT_TRUE(response.has_value()) << response.error().what;
  EXPECT_EQ(response->status, 200);
}

TEST_F(ServerTest, nobody_there_is_an_error_that_names_the_server) {
  start();
  const std::string gone = url();
  server.reset();
  const auto response = (*Client::create(gone))->call("GET", "/hello", "", kLong);
  ASSERT_TRUE(response.has_error());
  EXPECT_EQ(response.error().kind, base::ErrorKind::infrastructure);
  EXPECT_EQ(response.error().what, "GET " + gone + "/hello: cannot connect: Connection refused");
}

}  // namespace
}  // namespace common::http
