// A page of a task's evidence: raw bytes of its file, identified by their offset. A file only grows and only by whole
// frames, so a page stays what it was and a broken transfer goes on where it ended. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"

namespace agent {

inline constexpr std::int64_t kPageBytes = 1 << 20;         // unless asked otherwise
inline constexpr std::int64_t kLargestPageBytes = 8 << 20;  // whatever is asked

// [offset, offset + limit) of the first `end` bytes of the file; empty at the end.
common::base::Result<std::string> read_page(const std::string& path, std::int64_t offset, std::int64_t limit,
                                            std::int64_t end);

}  // namespace agent
