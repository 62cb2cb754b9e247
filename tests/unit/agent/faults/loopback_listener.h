// A listening socket on loopback: accepts in the kernel, answers only what a test makes it answer.
#pragma once

#include <arpa/inet.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace agent::faults {

class LoopbackListener {
 public:
  LoopbackListener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(fd_, 8);
    socklen_t size = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~LoopbackListener() { close(fd_); }
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Takes one connection and one request, says `answer`, hangs up; what it was asked.
  std::string answer_once(const std::string& answer) const {
    const int client = accept(fd_, nullptr, nullptr);
    char buffer[256];
    const ssize_t n = recv(client, buffer, sizeof buffer, 0);
    if (!answer.empty()) send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    close(client);
    return std::string(buffer, n > 0 ? static_cast<std::size_t>(n) : 0);
  }

 private:
  int fd_;
  int port_ = 0;
};

}  // namespace agent::faults
