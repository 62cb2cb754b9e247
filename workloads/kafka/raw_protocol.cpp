#include "workloads/kafka/raw_protocol.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace workloads::kafka {

using common::base::ErrorKind;
using common::base::fail;
using common::base::kMillisecond;
using common::base::Nanos;
using common::base::Result;
using common::base::steady_now;

namespace {

constexpr std::int16_t kDescribeQuorum = 55;
constexpr std::string_view kMetadataTopic = "__cluster_metadata";
constexpr std::uint32_t kLargestAnswer = 1 << 20;

template <typename Integer>
void put(std::string& out, Integer value) {
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift));
}

// Reads big-endian fields; once something is missing every later one is 0 and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  std::int64_t integer(std::size_t size) {
    if (size > bytes_.size()) ok_ = false;
    if (!ok_) return 0;
    std::uint64_t value = bytes_[0] < 0 ? ~std::uint64_t{0} : 0;  // the sign reaches up
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes_[i]);
    bytes_.remove_prefix(size);
    return static_cast<std::int64_t>(value);
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const auto byte = static_cast<std::uint64_t>(integer(1)) & 0xff;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  void skip(std::uint64_t size) {
    if (size > bytes_.size()) ok_ = false;
    if (ok_) bytes_.remove_prefix(size);
  }
  void skip_tags() {
    for (std::uint64_t count = varint(); ok_ && count > 0; --count) {
      varint();
      skip(varint());
    }
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

struct CloseSocket {
  int fd;
  ~CloseSocket() {
    if (fd >= 0) close(fd);
  }
};

Result<void> wait_for(int fd, short events, Nanos deadline) {
  const Nanos left = deadline - steady_now();
  pollfd waiting{fd, events, 0};
  if (left <= 0 || poll(&waiting, 1, static_cast<int>(left / kMillisecond) + 1) <= 0)
    return fail(ErrorKind::timeout, "no answer in time");
  return {};
}

Result<int> connect_to(const std::string& host, int port, Nanos deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); error != 0)
    return fail(ErrorKind::infrastructure, host + ": " + gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return fail(ErrorKind::infrastructure, std::string("socket: ") + std::strerror(errno));
  CloseSocket guard{fd};
  int error = 0;
  if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return fail(ErrorKind::infrastructure, host + ": " + std::strerror(errno));
    if (auto ready = wait_for(fd, POLLOUT, deadline); !ready) return ready.error();
    socklen_t size = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error != 0) return fail(ErrorKind::infrastructure, host + ": " + std::strerror(error));
  guard.fd = -1;
  return fd;
}

Result<void> send_all(int fd, std::string_view bytes, Nanos deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
      return fail(ErrorKind::infrastructure, std::string("send: ") + std::strerror(errno));
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (bytes.empty()) break;
    if (auto ready = wait_for(fd, POLLOUT, deadline); !ready) return ready;
  }
  return {};
}

Result<std::string> receive(int fd, std::size_t size, Nanos deadline) {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    if (auto ready = wait_for(fd, POLLIN, deadline); !ready) return ready.error();
    const ssize_t got = recv(fd, bytes.data() + have, size - have, 0);
    if (got == 0) return fail(ErrorKind::infrastructure, "the connection was closed before the answer was whole");
    if (got < 0 && errno != EAGAIN && errno != EINTR)
      return fail(ErrorKind::infrastructure, std::string("recv: ") + std::strerror(errno));
    if (got > 0) have += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace

std::string describe_quorum_request(std::int32_t correlation) {
  std::string body;
  put<std::int16_t>(body, kDescribeQuorum);
  put<std::int16_t>(body, 0);
  put<std::int32_t>(body, correlation);
  constexpr std::string_view kClient = "firedrill";
  put<std::int16_t>(body, static_cast<std::int16_t>(kClient.size()));
  body += kClient;
  body.push_back(0);  // no tagged fields in the header
  body.push_back(2);  // one topic (compact arrays and strings count from 1)
  body.push_back(static_cast<char>(kMetadataTopic.size() + 1));
  body += kMetadataTopic;
  body.push_back(2);  // one partition
  put<std::int32_t>(body, 0);
  body.append(3, '\0');  // no tagged fields of partition, topic, request
  std::string framed;
  put<std::int32_t>(framed, static_cast<std::int32_t>(body.size()));
  return framed + body;
}

Result<QuorumLeader> parse_describe_quorum(std::string_view response, std::int32_t correlation) {
  Reader reader(response);
  if (reader.integer(4) != correlation) return fail(ErrorKind::infrastructure, "the answer is to another request");
  reader.skip_tags();
  const std::int64_t error = reader.integer(2);
  const std::uint64_t topics = reader.varint();  // count + 1
  if (reader.ok() && error == 0 && topics == 2) {
    reader.skip(reader.varint() - 1);  // its name
    if (reader.varint() == 2) {
      reader.integer(4);  // partition
      const std::int64_t partition_error = reader.integer(2);
      const QuorumLeader leader{.controller = static_cast<std::int32_t>(reader.integer(4)),
                                .epoch = static_cast<std::int32_t>(reader.integer(4))};
      if (reader.ok() && partition_error == 0) return leader;
      if (reader.ok()) return fail(ErrorKind::infrastructure, "error " + std::to_string(partition_error));
    }
  }
  if (reader.ok() && error != 0) return fail(ErrorKind::infrastructure, "error " + std::to_string(error));
  return fail(ErrorKind::infrastructure, "the answer is none to DescribeQuorum");
}

Result<QuorumLeader> quorum_leader(const std::string& host, int port, Nanos timeout) {
  constexpr std::int32_t kCorrelation = 1;
  const Nanos deadline = steady_now() + timeout;
  auto fd = connect_to(host, port, deadline);
  if (!fd) return fd.error();
  const CloseSocket guard{*fd};
  if (auto sent = send_all(*fd, describe_quorum_request(kCorrelation), deadline); !sent) return sent.error();
  auto head = receive(*fd, 4, deadline);
  if (!head) return head.error();
  const std::int64_t size = Reader(*head).integer(4);
  if (size < 0 || size > kLargestAnswer) return fail(ErrorKind::infrastructure, "the answer is no Kafka response");
  auto body = receive(*fd, static_cast<std::size_t>(size), deadline);
  if (!body) return body.error();
  return parse_describe_quorum(*body, kCorrelation);
}

}  // namespace workloads::kafka
