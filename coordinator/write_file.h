// Replaces a small file as a whole: write beside it, fsync, rename. A reader sees the old or the new one, never a half.
#pragma once

#include <string>

#include "common/base/result.h"

namespace coordinator {

common::base::Result<void> write_file(const std::string& path, const std::string& text, bool secret = false);
common::base::Result<std::string> read_file(const std::string& path);  // at most 64 MiB

}  // namespace coordinator
