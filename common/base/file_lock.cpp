#include "common/base/file_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <thread>

namespace common::base {

Result<FileLock> FileLock::take(const std::string& path, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  Descriptor fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return fail(ErrorKind::infrastructure, "cannot open " + path + ": " + std::strerror(errno));
  // flock with a deadline does not exist, and a signal to interrupt it would be the whole process's business.
  while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return fail(ErrorKind::infrastructure, "cannot lock " + path + ": " + std::strerror(errno));
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(ErrorKind::conflict, path + " is locked by another process");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return FileLock(std::move(fd));
}

Result<FileLock> FileLock::take_folder(const std::string& folder, const std::string& who) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(ErrorKind::infrastructure, "cannot create " + folder + ": " + error.message());
  auto lock = take(folder + "/.lock", std::chrono::seconds(1));
  if (lock.has_error() && lock.error().kind == ErrorKind::conflict)
    return fail(ErrorKind::conflict, folder + " is in use by another " + who);
  return lock;
}

}  // namespace common::base
