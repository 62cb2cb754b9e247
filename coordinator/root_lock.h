// One coordinator a root folder: two would conduct the same runs. Held by flock(2), so that it ends with its process.
#pragma once

#include <string>

#include "common/base/result.h"

namespace coordinator {

class RootLock {
 public:
  static common::base::Result<RootLock> take(const std::string& root);  // creates the folder; in use: conflict
  RootLock(RootLock&& other) noexcept;
  RootLock& operator=(RootLock&&) = delete;
  ~RootLock();

 private:
  explicit RootLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace coordinator
