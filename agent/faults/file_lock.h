// A lock on a file that the kernel gives back when its holder dies, however it dies (flock). One object, one holder.
#pragma once

#include <chrono>
#include <string>

#include "agent/faults/descriptor.h"
#include "common/base/result.h"

namespace agent::faults {

class FileLock {
 public:
  // Waits at most `patience`; held by another: ErrorKind::conflict.
  static common::base::Result<FileLock> take(const std::string& path, std::chrono::milliseconds patience);

 private:
  explicit FileLock(Descriptor fd) : fd_(std::move(fd)) {}
  Descriptor fd_;
};

}  // namespace agent::faults
