#include "agent/faults/file_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>

namespace agent::faults {

namespace base = common::base;

base::Result<FileLock> FileLock::take(const std::string& path, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  Descriptor fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return base::fail(base::ErrorKind::infrastructure, "cannot open " + path + ": " + std::strerror(errno));
  // flock with a deadline does not exist, and a signal to interrupt it would be the whole process's business.
  while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return base::fail(base::ErrorKind::infrastructure, "cannot lock " + path + ": " + std::strerror(errno));
    if (std::chrono::steady_clock::now() >= deadline)
      return base::fail(base::ErrorKind::conflict, path + " is locked by another process");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return FileLock(std::move(fd));
}

}  // namespace agent::faults
