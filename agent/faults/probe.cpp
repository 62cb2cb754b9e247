#include "agent/faults/probe.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>

#include "common/base/descriptor.h"

namespace agent::faults {

namespace base = common::base;

namespace {

using Clock = std::chrono::steady_clock;

// size 19, api key 18, version 0, correlation id 0x46497265, client id "firedrill"
constexpr std::string_view kRequest(
    "\0\0\0\x13\0\x12\0\0\x46\x49\x72\x65\0\x09"
    "firedrill",
    23);
constexpr std::string_view kCorrelation("\x46\x49\x72\x65", 4);

bool ready_by(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{fd, events, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(left > 0 ? left : 0));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

Probe failed(const std::string& address, int error) {
  if (error == ECONNREFUSED) return {Probe::Outcome::refused, address + " refuses connections"};
  return {Probe::Outcome::broken, address + ": " + std::strerror(error)};
}

Probe silent(const std::string& address, const char* to) {
  return {Probe::Outcome::silent, address + " does not answer " + to + " in time"};
}

// One answer is at least size, correlation id, error code.
Probe converse(int fd, const std::string& address, Clock::time_point deadline) {
  if (send(fd, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(kRequest.size()))
    return failed(address, errno);
  std::string answer;
  while (answer.size() < 10) {
    if (!ready_by(fd, POLLIN, deadline)) return silent(address, "ApiVersions");
    char buffer[512];
    const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n < 0) return failed(address, errno);
    if (n == 0) return {Probe::Outcome::broken, address + " hangs up on ApiVersions"};
    answer.append(buffer, static_cast<std::size_t>(n));
  }
  if (std::string_view(answer).substr(4, 4) != kCorrelation)
    return {Probe::Outcome::broken, address + " answers, but not as a Kafka broker does"};
  return {Probe::Outcome::answered, "answers ApiVersions at " + address};
}

Probe probe_one(const addrinfo& where, const std::string& address, Clock::time_point deadline) {
  const base::Descriptor fd(socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return failed(address, errno);
  if (connect(fd.get(), where.ai_addr, where.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return failed(address, errno);
    if (!ready_by(fd.get(), POLLOUT, deadline)) return silent(address, "a connect");
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return failed(address, error);
  }
  return converse(fd.get(), address, deadline);
}

}  // namespace

HostPort split_address(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == address.size()) return {address, ""};
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::string port = address.substr(colon + 1);
  const bool number = port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (!number || std::stoi(port) < 1 || std::stoi(port) > 65535) return {host, ""};
  return {host, port};
}

Probe probe(const std::string& address, std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  const HostPort parts = split_address(address);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(parts.host.c_str(), parts.port.c_str(), &hints, &found);
  if (error != 0) return {Probe::Outcome::broken, address + ": " + gai_strerror(error)};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, freeaddrinfo);
  Probe last;
  for (const addrinfo* each = found; each; each = each->ai_next) {
    last = probe_one(*each, address, deadline);
    if (last.outcome == Probe::Outcome::answered) break;
  }
  return last;
}

}  // namespace agent::faults
