// A lock on a file that the kernel gives back when its holder dies, however it dies (flock). One object, one holder.
#pragma once

#include <chrono>
#include <string>

#include "common/base/descriptor.h"
#include "common/base/result.h"

namespace common::base {

class FileLock {
 public:
  // Waits at most `patience`; held by another: ErrorKind::conflict.
  static Result<FileLock> take(const std::string& path, std::chrono::milliseconds patience);

  // The folder, created if need be, is ours alone. In use by another `who`: ErrorKind::conflict, after a second, since
  // a process that was killed while it started another one leaves a child that holds its locks until its exec.
  static Result<FileLock> take_folder(const std::string& folder, const std::string& who);

 private:
  explicit FileLock(Descriptor fd) : fd_(std::move(fd)) {}
  Descriptor fd_;
};

}  // namespace common::base
