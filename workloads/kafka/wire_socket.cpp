#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "workloads/kafka/wire.h"

namespace workloads::kafka {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kMillisecond;
using common::base::Nanos;
using common::base::Result;
using common::base::steady_now;

namespace {

constexpr std::int32_t kLargestAnswer = 16 << 20;

Result<void> wait_for(int fd, short events, Nanos deadline) {
  const Nanos left = deadline - steady_now();
  pollfd waiting{fd, events, 0};
  if (left <= 0 || poll(&waiting, 1, static_cast<int>(left / kMillisecond) + 1) <= 0)
    return fail(ErrorKind::timeout, "no answer in time");
  return {};
}

Result<void> failed(const char* call) {
  return fail(ErrorKind::infrastructure, std::string(call) + ": " + std::strerror(errno));
}

Result<void> send_all(int fd, std::string_view bytes, Nanos deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return failed("send");
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (bytes.empty()) break;
    if (auto ready = wait_for(fd, POLLOUT, deadline); !ready) return ready;
  }
  return {};
}

Result<std::string> receive(int fd, std::size_t size, Nanos deadline) {
  std::string bytes(size, '\0');
  for (std::size_t have = 0; have < size;) {
    if (auto ready = wait_for(fd, POLLIN, deadline); !ready) return ready.error();
    const ssize_t got = recv(fd, bytes.data() + have, size - have, 0);
    if (got == 0) return fail(ErrorKind::infrastructure, "the connection was closed before the answer was whole");
    if (got < 0 && errno != EAGAIN && errno != EINTR) return failed("recv").error();
    if (got > 0) have += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

void WireConnection::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<void> WireConnection::open(Nanos deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host_.c_str(), std::to_string(port_).c_str(), &hints, &found); error != 0)
    return fail(ErrorKind::infrastructure, host_ + ": " + gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  fd_ = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return failed("socket");
  if (connect(fd_, found->ai_addr, found->ai_addrlen) == 0) return {};
  if (errno != EINPROGRESS) return failed("connect");
  if (auto ready = wait_for(fd_, POLLOUT, deadline); !ready) return ready;
  socklen_t size = sizeof errno;
  int error = 0;
  getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  errno = error;
  return error == 0 ? Result<void>() : failed("connect");
}

Result<std::string> WireConnection::exchange(const WireRequest& request, Nanos deadline) {
  if (fd_ < 0)
    if (auto opened = open(deadline); !opened) return opened.error();
  ++correlation_;
  if (auto sent = send_all(fd_, frame(request, correlation_), deadline); !sent) return sent.error();
  auto head = receive(fd_, 4, deadline);
  if (!head) return head.error();
  const std::int32_t size = WireReader(*head).int32();
  const std::int32_t header = request.flexible ? 5 : 4;
  if (size < header || size > kLargestAnswer) return fail(ErrorKind::infrastructure, "the answer is no Kafka response");
  auto answer = receive(fd_, static_cast<std::size_t>(size), deadline);
  if (!answer) return answer.error();
  if (WireReader(*answer).int32() != correlation_)
    return fail(ErrorKind::infrastructure, "the answer is to another request");
  return answer->substr(static_cast<std::size_t>(header));  // brokers put no tagged fields into a response's header
}

Result<std::string> WireConnection::ask(const WireRequest& request, Nanos timeout) {
  auto answer = exchange(request, steady_now() + timeout);
  if (!answer) close();  // half an answer, or a late one, must not be taken for that to the next question
  return answer;
}

}  // namespace workloads::kafka
