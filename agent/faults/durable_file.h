// Files that survive a kill -9 and a power cut whole or not at all: written beside, fsync, renamed, directory fsync.
// Any thread; two threads never write one path.
#pragma once

#include <string>

#include "common/base/result.h"

namespace agent::faults {

common::base::Result<void> write_durably(const std::string& path, const std::string& content);
common::base::Result<void> remove_durably(const std::string& path);  // absent already: fine
// At most `limit` bytes; a longer file is an Error. Absent: ErrorKind::not_found.
common::base::Result<std::string> read_file(const std::string& path, std::size_t limit = 1 << 20);
common::base::Result<void> make_folder(const std::string& path);  // 0700; exists already: fine

}  // namespace agent::faults
