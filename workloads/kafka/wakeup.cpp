#include "workloads/kafka/wakeup.h"

#include <algorithm>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/assert.h"

namespace workloads::kafka {

using common::base::kSecond;
using common::base::Nanos;

Wakeup::Wakeup() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  FIREDRILL_ASSERT(fd_ >= 0);
}

Wakeup::~Wakeup() {
  close(fd_);
}

void Wakeup::signal() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof one);  // full means: signalled already
}

void Wakeup::wait_until(Nanos deadline) {
  const Nanos left = std::max<Nanos>(0, deadline - common::base::steady_now());
  const timespec timeout{static_cast<time_t>(left / kSecond), static_cast<long>(left % kSecond)};
  pollfd waiting{fd_, POLLIN, 0};
  if (ppoll(&waiting, 1, &timeout, nullptr) <= 0) return;
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(fd_, &count, sizeof count);
}

}  // namespace workloads::kafka
