#include "coordinator/root_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace coordinator {

using common::base::ErrorKind;
using common::base::fail;

common::base::Result<RootLock> RootLock::take(const std::string& root) {
  std::error_code error;
  std::filesystem::create_directories(root, error);
  if (error) return fail(ErrorKind::infrastructure, "cannot create " + root + ": " + error.message());
  const std::string path = root + "/.lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return fail(ErrorKind::infrastructure, "cannot open " + path + ": " + std::strerror(errno));
  RootLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorKind::conflict, root + " is in use by another coordinator");
  return lock;
}

RootLock::RootLock(RootLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

RootLock::~RootLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace coordinator
